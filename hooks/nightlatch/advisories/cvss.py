"""The base score of a CVSS vector, from 0 to 10.

Version 2 and 3 by the formulas of their specifications (https://www.first.org/cvss/). Version 4 has a table of
scores in place of a formula; here it is approximated: each of its base metrics is read as the one of version 3.1
that stands for the same. Attack requirements that must be met count as high complexity, an effect on another
system as a change of scope, the greater of the two effects counts. A record's own words go before that wherever
they are higher (`severity.py`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_V2 = {
    "AV": {"L": 0.395, "A": 0.646, "N": 1.0},
    "AC": {"H": 0.35, "M": 0.61, "L": 0.71},
    "Au": {"M": 0.45, "S": 0.56, "N": 0.704},
    "C": {"N": 0.0, "P": 0.275, "C": 0.660},
    "I": {"N": 0.0, "P": 0.275, "C": 0.660},
    "A": {"N": 0.0, "P": 0.275, "C": 0.660},
}
_V3 = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES = {
    "U": {"N": 0.85, "L": 0.62, "H": 0.27},
    "C": {"N": 0.85, "L": 0.68, "H": 0.5},
}
"""Of version 3: without and with a change of scope."""

_V4 = {
    "AV": "NALP",
    "AC": "LH",
    "AT": "NP",
    "PR": "NLH",
    "UI": "NPA",
    "VC": "HLN",
    "VI": "HLN",
    "VA": "HLN",
    "SC": "HLN",
    "SI": "HLN",
    "SA": "HLN",
}
"""The base metrics of version 4 and their values."""

_GREATEST_FIRST = "HLN"


def score(vector: str) -> float:
    """The base score of a vector of any version. Raises ValueError where it is none."""
    start, _, rest = vector.partition("/")
    if start in ("CVSS:3.0", "CVSS:3.1"):
        return _score_3(_metrics(rest))
    if start == "CVSS:4.0":
        return _score_4(_metrics(rest))
    return _score_2(_metrics(vector.removeprefix("(").removesuffix(")").removeprefix("CVSS:2.0/")))


def _metrics(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in text.rstrip("/").split("/"):
        name, colon, value = word.partition(":")
        if not colon or name in found:
            raise ValueError("no CVSS vector")
        found[name] = value
    return found


def _weight(weights: dict[str, dict[str, float]], metrics: dict[str, str], name: str) -> float:
    try:
        return weights[name][metrics[name]]
    except KeyError:
        raise ValueError("no CVSS vector") from None


def _score_2(metrics: dict[str, str]) -> float:
    access, complexity, authentication, *effects = (_weight(_V2, metrics, name) for name in _V2)
    impact = 10.41 * (1 - _product(1 - effect for effect in effects))
    exploitability = 20 * access * complexity * authentication
    return round((0.6 * impact + 0.4 * exploitability - 1.5) * (1.176 if impact else 0.0) + 1e-9, 1)


def _score_3(metrics: dict[str, str]) -> float:
    vector, complexity, interaction, *effects = (_weight(_V3, metrics, name) for name in _V3)
    privileges = _weight({"PR": _PRIVILEGES.get(metrics.get("S", ""), {})}, metrics, "PR")
    is_changed = metrics["S"] == "C"
    lost = 1 - _product(1 - effect for effect in effects)
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if is_changed else 6.42 * lost
    if impact <= 0:
        return 0.0
    exploitability = 8.22 * vector * complexity * privileges * interaction
    return _rounded_up(min((1.08 if is_changed else 1.0) * (impact + exploitability), 10.0))


def _score_4(metrics: dict[str, str]) -> float:
    if any(len(value := metrics.get(name, "")) != 1 or value not in values for name, values in _V4.items()):
        raise ValueError("no CVSS vector")
    elsewhere = any(metrics[name] != "N" for name in ("SC", "SI", "SA"))
    return _score_3(
        {
            "AV": metrics["AV"],
            "AC": "H" if "H" in metrics["AC"] or "P" in metrics["AT"] else "L",
            "PR": metrics["PR"],
            "UI": "N" if metrics["UI"] == "N" else "R",
            "S": "C" if elsewhere else "U",
            "C": _greater(metrics["VC"], metrics["SC"]),
            "I": _greater(metrics["VI"], metrics["SI"]),
            "A": _greater(metrics["VA"], metrics["SA"]),
        }
    )


def _greater(one: str, other: str) -> str:
    return min(one, other, key=_GREATEST_FIRST.index)


def _product(factors: Iterable[float]) -> float:
    found = 1.0
    for factor in factors:
        found *= factor
    return found


def _rounded_up(value: float) -> float:
    """Up to one decimal, without the errors of binary fractions: as appendix A of version 3.1 has it."""
    hundred_thousandths = round(value * 100_000)
    if hundred_thousandths % 10_000 == 0:
        return hundred_thousandths / 100_000
    return (hundred_thousandths // 10_000 + 1) / 10
