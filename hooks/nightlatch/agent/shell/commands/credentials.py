"""Programs that print credentials by their nature: the words that make them do it."""

from __future__ import annotations

from nightlatch.agent.shell.usage import Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.values import Stream, Word

SHOWING: dict[str, tuple[tuple[str, ...], ...]] = {
    "gh": (("auth", "token"), ("auth", "status", "--show-token"), ("auth", "status", "-t"), ("config", "get",
    "oauth_token")),
    "glab": (("auth", "status", "-t"), ("auth", "status", "--show-token"), ("config", "get", "token")),
    "aws": (
        ("configure", "get"), ("configure", "export-credentials"), ("sts", "get-session-token"),
        ("sts", "assume-role"), ("sso", "get-role-credentials"), ("secretsmanager", "get-secret-value"),
        ("ssm", "get-parameter", "--with-decryption"), ("ssm", "get-parameters", "--with-decryption"),
        ("ssm", "get-parameters-by-path", "--with-decryption"), ("ecr", "get-login-password"),
        ("eks", "get-token"), ("iam", "create-access-key"), ("ecr", "get-authorization-token"),
        ("kms", "decrypt"), ("rds", "generate-db-auth-token"), ("codeartifact", "get-authorization-token"),
    ),
    "gcloud": (
        ("auth", "print-access-token"), ("auth", "print-identity-token"),
        ("auth", "application-default", "print-access-token"), ("secrets", "versions", "access"),
        ("config", "config-helper"), ("iam", "service-accounts", "keys", "create"),
    ),
    "az": (
        ("account", "get-access-token"), ("keyvault", "secret", "show"), ("keyvault", "secret", "download"),
        ("storage", "account", "keys", "list"), ("acr", "credential", "show"), ("acr", "login", "--expose-token"),
        ("webapp", "config", "appsettings", "list"), ("cosmosdb", "keys", "list"), ("redis", "list-keys"),
        ("storage", "account", "show-connection-string"), ("ad", "sp", "create-for-rbac"),
    ),
    "security": (
        ("find-generic-password", "-w"), ("find-generic-password", "-g"), ("find-internet-password", "-w"),
        ("find-internet-password", "-g"), ("dump-keychain",), ("export",), ("find-generic-password", "-gw"),
        ("find-generic-password", "-wa"), ("find-generic-password", "-ws"),
    ),
    "vault": (
        ("kv", "get"), ("read",), ("token", "create"), ("print", "token"), ("unwrap",), ("token", "lookup"),
    ),
    "op": (("read",), ("item", "get"), ("document", "get"), ("inject",), ("get", "item"), ("get", "document")),
    "bw": (("get",), ("list", "items"), ("export",), ("unlock",)),
    "pass": (("show",), ("otp",)), "gopass": (("show",), ("cat",), ("otp",)), "lpass": (("show",), ("export",)),
    "rbw": (("get",), ("code",)), "keyring": (("get",),), "secret-tool": (("lookup",), ("search",)),
    "doppler": (("secrets", "get"), ("secrets", "download"), ("secrets",), ("configure", "get", "token")),
    "infisical": (("secrets",), ("export",), ("user", "get", "token")), "chamber": (("read",), ("export",), ("env",)),
    "heroku": (("config",), ("config:get",), ("auth:token",), ("pg:credentials:url",)),
    "vercel": (("env", "pull"), ("env", "ls", "--decrypt")), "netlify": (("env:get",), ("env:list",)),
    "fly": (("auth", "token"), ("tokens", "create")), "flyctl": (("auth", "token"), ("tokens", "create")),
    "railway": (("variables",),), "render": (("env",),), "wrangler": (("secret", "get"),),
    "firebase": (("functions:config:get",), ("functions:secrets:access",), ("login:ci",)),
    "supabase": (("projects", "api-keys"), ("status",)), "systemctl": (("show-environment",),),
    "launchctl": (("getenv",), ("export",)), "stripe": (("config", "--list"),),
    "npm": (("token", "create"), ("config", "get", "_authToken"), ("config", "get",
    "//registry.npmjs.org/:_authToken")),
    "yarn": (("config", "get", "npmAuthToken"),), "databricks": (("auth", "token"), ("tokens", "create")),
    "terraform": (("output", "-json"), ("output", "-raw"), ("state", "pull"), ("state", "show")),
    "tofu": (("output", "-json"), ("output", "-raw"), ("state", "pull"), ("state", "show")),
    "pulumi": (("config", "--show-secrets"), ("stack", "output", "--show-secrets"), ("stack", "export",
    "--show-secrets")),
    "oc": (("whoami", "-t"), ("whoami", "--show-token"), ("extract",)),
    "argocd": (("admin", "initial-password"), ("account", "generate-token")), "dotenvx": (("get",), ("decrypt",)),
    "dotenv": (("get",), ("list",), ("-p",)), "direnv": (("dump",), ("export",)), "tailscale": (("debug", "prefs"),),
    "doctl": (("auth", "token"), ("databases", "connection")), "consul": (("kv", "get"),), "etcdctl": (("get",),),
    "nmcli": (("-s",),), "credstash": (("get",), ("getall",)), "berglas": (("access",),), "teller": (("show",),
    ("env",)),
    "git-credential-manager": (("get",),), "git-credential-osxkeychain": (("get",),),
    "git-credential-store": (("get",),),
    "docker-credential-desktop": (("get",),), "docker-credential-osxkeychain": (("get",),), "kwallet-query": (("-r",),),
}  # fmt: skip
"""Program → the words, in this order among its arguments, with which it prints credentials."""


def shows(call: Call) -> str:
    """With which words a call shows credentials; empty where it doesn't."""
    given = [word.shown for word in call.words]
    texts = [part for text in given for part in (text, text.partition("=")[0])]
    for needed in SHOWING.get(call.name, ()):
        at = iter(texts)
        if all(word in at for word in needed) and _starts(given, needed[0]):
            return f"{call.name} {' '.join(needed)}"
    return ""


def _starts(given: list[str], first: str) -> bool:
    """Whether the subcommand comes first, behind options at most."""
    operands = [text for text in given if not text.startswith("-")]
    return first.startswith("-") or first in operands[:2]


def show_described(call: Call, via: str) -> None:
    """A description is printed that has credentials in it; nothing where what follows picks other parts out."""
    from nightlatch.agent.shell.environment_filters import picks_out

    if not picks_out(call.shell.filters(call.state)):
        call.shows_credentials(via)


def follow(call: Call) -> Stream | None:
    """A program that has other uses too."""
    via = shows(call)
    if via:
        call.shows_credentials(via)
    from nightlatch.agent.shell.commands.databases import HOSTED, RESETS, hosted

    if call.name in HOSTED or call.name in RESETS:
        hosted(call)
    if call.name in ("terraform", "tofu"):
        _state_shown(call)
    files = _OPTION_FILES.get(call.name, ())
    for place, word in enumerate(call.words[:-1]):
        if word.text in files:
            _load(call, call.words[place + 1])
    if call.words and (call.name, call.words[0].text) in (("aws", "s3"), ("gcloud", "storage"), ("az", "storage")):
        from nightlatch.agent.shell.commands.network import transfer

        return transfer(call)
    return _wrapped(call)


def _state_shown(call: Call) -> None:
    """`terraform show file`: a state or a plan."""
    from nightlatch.agent.shell.arguments import parsed, roles
    from nightlatch.agent.shell.commands.archives import in_folder

    arguments = parsed(call.words, roles("-chdir:optional -state:optional"), single_dash=True)
    folder = arguments.value("-chdir")
    if folder is not None:
        call = in_folder(call, folder)
    if arguments.operands[:1] and arguments.operands[0].text == "show":
        for word in arguments.operands[1:]:
            call.read(word)


_OPTION_FILES = {"op": ("--env-file",), "dotenvx": ("-f", "--env-file"), "dotenv": ("-f", "-e", "--file", "-c"),
                 "terraform": ("-var-file",), "tofu": ("-var-file",) }  # fmt: skip
_RUNNING = {"op": "run", "doppler": "run", "infisical": "run", "chamber": "exec", "dotenvx": "run", "dotenv": "",
            "teller": "run", "direnv": "exec"}  # fmt: skip


def _load(call: Call, word: Word) -> None:
    """A file of variables is handed over to the command that follows, which could show them."""
    call.hand_over(word)
    call.state.loaded = tuple(dict.fromkeys((*call.state.loaded, *call.paths(word))))


def _wrapped(call: Call) -> Stream | None:
    """`op run --env-file=.env -- command`: the command behind the dashes."""
    verb = _RUNNING.get(call.name)
    texts = [word.text for word in call.words]
    for word in call.words:
        name, equals, _ = word.prefix.partition("=")
        if equals and name in _OPTION_FILES.get(call.name, ()):
            _load(call, word.cut(len(name) + 1))
    if verb is None or (verb and verb not in texts[:2]):
        return None
    if "--" in texts:
        return call.run(call.words[texts.index("--") + 1 :])
    if call.name == "direnv":
        return call.run(call.words[2:])
    if call.name in ("dotenv", "dotenvx") and texts:
        from nightlatch.agent.shell.arguments import parsed, roles

        rest = parsed(
            call.words, roles("-f:value -e:value -c:value -v:value --file:value --env-file:value"), stops=True
        )
        words = [word for word in rest.operands if word.text != verb]
        for word in rest.values("-e"):
            _load(call, word)
        known = SHOWING[call.name]
        if (
            words
            and not any((words[0].text,) == needed[:1] for needed in known)
            and words[0].text not in ("set", "run")
        ):
            return call.run(words)
        return call.run(words[1:]) if words and words[0].text == "run" and len(words) > 1 else None
    return None


def environment(call: Call) -> Stream | None:
    """`printenv`: the environment, and what was loaded into it."""
    shows_environment(call, call.name if not call.words else f"{call.name} {call.words[0].shown}")
    return None


def shows_environment(call: Call, via: str) -> None:
    """The environment is printed: the variables that are named, or all. What a filter behind it hides isn't shown."""
    from nightlatch.agent.shell.environment_filters import HARMLESS, hides_credentials

    if hides_credentials(call.shell.filters(call.state)):
        return
    for path in call.state.loaded:
        call.read_path(path, via=via)
    named = [word.text for word in call.words if not word.prefix.startswith("-")]
    if not named or any(name not in HARMLESS for name in named):
        call.shows_credentials(via)


ELSEWHERE = frozenset({"npm", "yarn", "supabase", "gh", "glab", "oc", "fly", "flyctl"})
"""Programs that other themes follow, and that ask `shows` there."""

COMMANDS: dict[str, Usage] = {
    **{name: Usage(handler=follow) for name in SHOWING if name not in ELSEWHERE},
    "printenv": Usage(handler=environment),
}  # fmt: skip
