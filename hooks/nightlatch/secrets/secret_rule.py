"""The shape of a secret's rule: a `Rule` with its pattern and with examples beside it."""

from __future__ import annotations

from nightlatch.core.rule import ERROR, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    Example = str | tuple[str, ...]

PROVIDER = "provider"
CANDIDATE = "candidate"
BLOCK = "block"
CUSTOM = "custom"

CLEAN_UP = "Then take it out of the commits: amend those not pushed yet, rewrite pushed history."

AFTER_A_COMMIT = """\
When a credential was committed: rotate first, then clean up.

1. Rotate: revoke the old value, put the new one in place. Clones, forks, caches and logs keep what was pushed, so
   no rewriting makes the old value safe again; only this does.
2. Staged, not committed: take the value out and `git add` the file again.
3. Committed, not pushed: take it out, `git add`, then `git commit --amend`. If an older commit brought it:
   `git rebase --interactive COMMIT~`, mark that commit `edit`, amend it there, `git rebase --continue`.
4. Pushed: agree with everyone who has a clone, then in a fresh clone
   `git filter-repo --replace-text ../values.txt` (a file outside the clone, a value on each line), add the remote
   again, and `git push --force --all` and `git push --force --tags`. All others clone anew: an old clone's push
   would bring it back. Forks and pull requests keep their copies: ask the host to remove those.
5. `nightlatch secrets --history` shows what is left.
"""
"""The long way, told once: the rules' own texts say only what differs."""

WHY = "Whoever can read the repository, today or in its history, can use this credential."


class SecretRule(Rule):
    """A credential's format.

    provider  who issues it, as people write the name
    pattern   a regular expression over bytes, written as ASCII text. It takes linear time and can
              serve as a filter elsewhere: every quantifier is bounded, and there is no lookaround,
              no backreference and no DOTALL. A group named `secret` marks the value where the
              pattern holds more than that.
    keywords  lower-case texts; each match holds at least one of them, in any case
    in_line   a lower-case text that stands in the same line as well; "" for none
    in_file   the same for the whole file
    context   words of which one must stand in the name that the value is assigned to, for formats
              that say too little by themselves; `pattern` is then the value alone
    near      words of which one stands in the value's line or in one of the lines around it, where the
              name that it is assigned to says `api_key`, `token` and the like but not whose: as in a block
              of Terraform's, or behind an import. Each holds a keyword. For rules with `context` alone
    before    characters that may not stand right before a match, as the inside of a class
    after     characters that may not follow a match, as the inside of a class
    entropy   the least bits per character of the value: documentation's `xxxx` stays below
    tier      `provider` for formats that speak for themselves, `candidate` for those that don't
              and that drop to a warning in test folders, `block` for what runs over several lines
              and hides nothing that stands inside it, `custom` for a team's own formats, which give
              way to a provider's where both fit
    revoke    where the credential is revoked: an address, or a place in words
    positive  texts that hold exactly one such credential
    negative  near misses that are none. Both may be given in parts: neither this repository nor an
              installation of it may hold what a scanner takes for a secret
    """

    more = AFTER_A_COMMIT
    is_secret = True

    __slots__ = (
        "_negative",
        "_positive",
        "after",
        "before",
        "context",
        "entropy",
        "in_file",
        "in_line",
        "keywords",
        "near",
        "pattern",
        "provider",
        "revoke",
        "tier",
    )

    def __init__(
        self,
        *,
        id: str,
        name: str,
        provider: str,
        summary: str,
        pattern: str,
        keywords: tuple[str, ...],
        revoke: str,
        positive: tuple[Example, ...],
        negative: tuple[Example, ...],
        context: tuple[str, ...] = (),
        near: tuple[str, ...] = (),
        in_line: str = "",
        in_file: str = "",
        before: str = "A-Za-z0-9",
        after: str = "A-Za-z0-9",
        entropy: float = 2.5,
        tier: str = PROVIDER,
        severity: str = ERROR,
        why: str = WHY,
        fix: str = "",
    ) -> None:
        super().__init__(id=id, name=name, severity=severity, summary=summary, why=why, fix=fix or fix_text(revoke))
        self.provider = provider
        self.pattern = pattern
        self.keywords = keywords
        self.context = context
        self.near = near
        self.in_line = in_line
        self.in_file = in_file
        self.before = before
        self.after = after
        self.entropy = entropy
        self.tier = tier
        self.revoke = revoke
        self._positive = positive
        self._negative = negative

    @property
    def positive(self) -> list[str]:
        """The texts that hold such a credential, joined."""
        return [example if isinstance(example, str) else "".join(example) for example in self._positive]

    @property
    def negative(self) -> list[str]:
        """The near misses, joined."""
        return [example if isinstance(example, str) else "".join(example) for example in self._negative]


def fix_text(revoke: str) -> str:
    """What to do about a leaked credential: rotate first, then take it out."""
    return (
        f"Rotate first: revoke it ({revoke}), and read the new one from the environment or a secret manager. {CLEAN_UP}"
    )
