"""Every rule of the `dependencies` hook, in the order of their ids.

DEP0 is about advisories, 1 about lockfiles and their manifests, 2 about packages, 3 about settings.
An id stays with its rule for ever: baselines, notes and configurations name it.
"""

from __future__ import annotations

from nightlatch.core.rule import ERROR, WARNING, Rule
from nightlatch.core.suppress import OWNERS_NOTE

IGNORE = f"""\
An advisory that does no harm here is allowed by itself, in `.nightlatch.yaml`, and not the rule with it:

```yaml
dependencies:
  ignore:
    {OWNERS_NOTE}
    - {{id: GHSA-xxxx-xxxx-xxxx, package: name, reason: "why it does no harm here", expires: "2027-01-31"}}
```

`id` is any id of the advisory, CVE among them. Without `package` it counts for every package. `expires` is a day,
at most 180 days ahead: from the day after, the advisory counts again. Malware can't be ignored.
The comment is the owners' note: without it the hook `protected-files` refuses whatever lets more through.
"""
"""How an advisory is allowed: the same for every rule about advisories, so it is told once."""


class AdvisoryRule(Rule):
    """About an advisory: it is allowed for a while, by its id, and by no note: lockfiles are written by programs."""

    __slots__ = ()

    allow = (
        "Only for a while, at most 180 days, in .nightlatch.yaml: "
        f'dependencies: {{ignore: [{{id: ID, reason: "your reason", expires: YYYY-MM-DD}}]}}  {OWNERS_NOTE}'
    )
    more = IGNORE


class MalwareRule(Rule):
    """Never allowed."""

    __slots__ = ()

    allow = "Malware is never allowed. If the record is wrong, have it withdrawn where it was published."


VULNERABLE = AdvisoryRule(
    id="DEP001",
    name="vulnerable-package",
    summary="A package has a known vulnerability",
    why="Whoever knows the advisory can use it against everyone who installed this version.",
    fix="Go to a version that the advisory clears. Where there is none yet, `dependencies: ignore` gives time.",
)
MALICIOUS = MalwareRule(
    id="DEP002",
    name="malicious-package",
    summary="A package is malware",
    why="Installing it runs its author's code on the developer's machine and in CI.",
    fix="Remove it, install anew from a clean lockfile, and rotate what the machines that installed it could reach.",
)
UNUSED_IGNORE = AdvisoryRule(
    id="DEP003",
    name="unused-ignore",
    severity=WARNING,
    summary="An entry of `dependencies: ignore` allows nothing",
    why="What nobody needs any more would silence the same advisory when it comes back.",
    fix="Delete the entry.",
)
AUDITS_DIFFER = AdvisoryRule(
    id="DEP004",
    name="audits-differ",
    severity=WARNING,
    summary="Another audit comes to another answer",
    why="One of the two knows something that the other doesn't: data that is behind, or another reading of a version.",
    fix="Renew the data with `nightlatch advisories update`, and judge what remains by the advisory's own page.",
)
DATA_AGES = Rule(
    id="DEP005",
    name="advisory-data-ages",
    severity=WARNING,
    summary="The advisory data should be renewed",
    why="What the data doesn't hold is not found: an advisory of this week is not in data of last month.",
    fix="Renew the data with `nightlatch advisories update`, and check again.",
)
DRIFT = Rule(
    id="DEP101",
    name="lockfile-out-of-date",
    summary="The lockfile doesn't belong to its manifest",
    why="What is installed is then not what was reviewed: it depends on who installs, and when.",
    fix="Renew the lockfile and commit it together with the manifest.",
)
NO_LOCKFILE = Rule(
    id="DEP102",
    name="lockfile-missing",
    severity=WARNING,
    summary="Dependencies have no lockfile",
    why="Each installation takes the newest versions of its hour, those published by an attacker among them.",
    fix="Make a lockfile, and commit it.",
)
TWO_LOCKFILES = Rule(
    id="DEP103",
    name="two-lockfiles",
    summary="Two lockfiles stand for one manifest",
    why="Which of them counts depends on the program that installs, and the other grows stale unseen.",
    fix="Keep the one of the program that the project uses, and delete the other.",
)
NOT_STAGED = Rule(
    id="DEP104",
    name="lockfile-not-in-the-change",
    summary="The manifest changes its dependencies, and its lockfile is not part of the change",
    why="Between this commit and the next nobody can install what the manifest asks for from what was locked.",
    fix="Renew the lockfile and commit it together with the manifest.",
)
NO_HASH = Rule(
    id="DEP201",
    name="hash-missing",
    severity=WARNING,
    summary="Packages are locked without a hash",
    why="Another file under the same version, from a registry, a mirror or a proxy, would be installed unseen.",
    fix="Write the lockfile anew, with hashes.",
)
WEAK_HASH = Rule(
    id="DEP202",
    name="hash-weak",
    severity=WARNING,
    summary="Packages are locked with SHA-1 or MD5 alone",
    why="Two files with the same SHA-1 or MD5 can be made: the hash doesn't tell them apart.",
    fix="Write the lockfile anew, with SHA-256 or SHA-512.",
)
INSECURE_ADDRESS = Rule(
    id="DEP203",
    name="insecure-address",
    summary="Packages are downloaded without TLS, or without checking its certificate",
    why="Whoever stands between can put another file in the package's place.",
    fix="Write https:// in place of http:// in the address, or name a host that has TLS.",
)
NO_REGISTRY = Rule(
    id="DEP204",
    name="source-no-registry",
    severity=WARNING,
    summary="A package comes from a repository or a URL, and not from a registry",
    why="No advisory names it, nothing is known of its age, and who owns the address tomorrow decides what it gives.",
    fix="Take the published package, or keep a copy of your own.",
)
MOVING_SOURCE = Rule(
    id="DEP205",
    name="source-moves",
    summary="A package comes from a branch, or from a URL without a hash",
    why="What it gives can change at any time, without a change here.",
    fix="Name the full hash of a commit, or the file's SHA-256.",
)
FOREIGN_HOST = Rule(
    id="DEP206",
    name="foreign-host",
    summary="Packages come from another host than the registry's",
    why="A lockfile decides what is downloaded: one changed address among thousands of lines is easily overlooked.",
    fix="Restore the registry's address; if the other host is meant, name it in the package manager's settings.",
)
ADDRESS_DIFFERS = Rule(
    id="DEP207",
    name="address-of-another",
    summary="A package's address is that of another package or version",
    why="Another package is installed than the lockfile seems to say, and no advisory is found for it.",
    fix="Restore the entry, or write the lockfile anew.",
)
UNPINNED = Rule(
    id="DEP208",
    name="requirement-unpinned",
    severity=WARNING,
    summary="Requirements name no exact version",
    why="Each installation may bring another version, and whether an advisory concerns it can't be known here.",
    fix="Compile the requirements to exact versions with hashes.",
)
EXTRA_INDEX = Rule(
    id="DEP209",
    name="extra-index",
    summary="A second index is asked for every package",
    why="pip takes the highest version of any index: whoever publishes your internal name on the public one wins.",
    fix="Use one index that has everything, or lock every requirement with its hash.",
)
INSTALL_SCRIPT = Rule(
    id="DEP210",
    name="install-script-new",
    severity=WARNING,
    summary="A package that runs a script when it is installed comes in",
    why="It runs with the rights of whoever installs: the way that most attacks through packages take.",
    fix="Read the script before you install, and let your package manager run scripts for named packages only.",
)
ODD_ADDRESS = Rule(
    id="DEP211",
    name="address-odd",
    summary="An address that programs read in different ways",
    why="What a reviewer takes for the registry may lead npm or pip to another host.",
    fix="Restore the entry, or write the lockfile anew.",
)
NO_COOL_DOWN = Rule(
    id="DEP301",
    name="cool-down-missing",
    severity=WARNING,
    summary="New versions are taken in the hour in which they are published",
    why="Most malicious versions are found and removed within days: who waits a week never meets them.",
    fix="Set the least age of a version.",
)
WRONG_COOL_DOWN = Rule(
    id="DEP302",
    name="cool-down-wrong",
    summary="The least age of a version has another unit than its value suggests, or no effect",
    why="A week that is read as seven minutes keeps nothing out.",
    fix="Write the value in the setting's own unit.",
)
NO_UPDATE_BOT = Rule(
    id="DEP303",
    name="update-bot-missing",
    severity=WARNING,
    summary="No update bot looks after a lockfile",
    why="Without one, a version with a known vulnerability stays until somebody happens to look.",
    fix="Name the ecosystem in .github/dependabot.yml, or use Renovate.",
)
REGISTRY_CHANGES = Rule(
    id="DEP304",
    name="registry-setting-changes",
    summary="A change brings a registry that packages may come from",
    why="Whoever can name the registry decides what is installed under every name that it serves.",
    fix="Let somebody who knows the registry look at the change, and make it before the lockfile that uses it.",
)

RULES = (
    VULNERABLE,
    MALICIOUS,
    UNUSED_IGNORE,
    AUDITS_DIFFER,
    DATA_AGES,
    DRIFT,
    NO_LOCKFILE,
    TWO_LOCKFILES,
    NOT_STAGED,
    NO_HASH,
    WEAK_HASH,
    INSECURE_ADDRESS,
    NO_REGISTRY,
    MOVING_SOURCE,
    FOREIGN_HOST,
    ADDRESS_DIFFERS,
    UNPINNED,
    EXTRA_INDEX,
    INSTALL_SCRIPT,
    ODD_ADDRESS,
    NO_COOL_DOWN,
    WRONG_COOL_DOWN,
    NO_UPDATE_BOT,
    REGISTRY_CHANGES,
)

ABSENT = (NO_LOCKFILE, NO_HASH, WEAK_HASH, UNPINNED, NO_COOL_DOWN, NO_UPDATE_BOT)
"""What tells that something good is absent: a warning, or an error under `profile: strict`."""


def severity_of(rule: Rule, profile: str) -> str:
    """The rule's severity under a profile."""
    return ERROR if profile == "strict" and rule in ABSENT else rule.severity
