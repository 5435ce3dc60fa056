"""From a call to its verdict: event → effects → rules → verdict. Every project of the call has its say."""

from __future__ import annotations

import os

from nightlatch.agent.call import ASK, DENY, PASS, RANKS, REMEDY, Verdict
from nightlatch.agent.situation import situation
from nightlatch.core.errors import EventError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nightlatch.agent.call import Call
    from nightlatch.agent.judge import Objection
    from nightlatch.agent.record import Record


def decide(call: Call, variables: Mapping[str, str], record: Record) -> Verdict:
    """What is to be answered. Raises NightlatchError, and whatever goes wrong: the caller denies then.

    record  is told what the log wants to know, as soon as that is known
    """
    found: list[Objection] = []
    for root in call.roots:
        found += _objections(call, root, variables, record)
    record.is_judged = True
    verdict = _weightiest(found, call)
    if verdict.decision == ASK and not call.can_ask:
        if call.again is not None and call.again():
            return Verdict()
        reason = f"{verdict.reason} (This agent can't be made to ask, so the call is refused.)"
        return Verdict(DENY, reason, verdict.rules)
    return verdict


def _objections(call: Call, root: str, variables: Mapping[str, str], record: Record) -> Iterator[Objection]:
    from nightlatch.agent.judge import objections
    from nightlatch.agent.tools import effects_of

    if "\0" in call.folder:
        raise EventError("The event's `cwd` is no folder's name.", REMEDY)
    now = situation(root, variables)
    record.in_situation(now)
    call.folder = os.path.join(now.place.root, call.folder)
    return objections(effects_of(call, now.place), call, now)


def _weightiest(found: list[Objection], call: Call) -> Verdict:
    """The decision that weighs most, with its first few reasons; without the secrets of the call."""
    decision = max((one[0] for one in found), key=RANKS.__getitem__, default=PASS)
    if decision == PASS:
        return Verdict()
    from nightlatch.agent.reasons import told

    weighty = [(reason, rule) for kind, reason, rule in found if kind == decision]
    text = told([reason for reason, _ in weighty], to_a_person=decision == ASK and call.can_ask)
    for secret in sorted(call.secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return Verdict(decision, text, sorted({rule for _, rule in weighty}))
