"""Programs that run another one: what stands before its name, as data, and the few that need more."""

from __future__ import annotations

from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Stream, Word, joined
from nightlatch.agent.shell.variables import POLICY, word_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

_SUDO = (
    "-u:value --user:value -g:value --group:value -h:value --host:value -p:value --prompt:value -C:value "
    "-r:value -t:value -T:value -D:folder --chdir:folder -R:value -U:value"
)

WRAPPERS: dict[str, tuple[str, int]] = {
    "sudo": (_SUDO, 0),
    "doas": ("-u:value -C:value", 0), "command": ("", 0), "builtin": ("", 0), "nohup": ("", 0), "setsid": ("", 0),
    "nice": ("-n:value --adjustment:value", 0), "ionice": ("-c:value -n:value -p:value", 0), "chrt": ("-p:value", 1),
    "time": ("-f:value -o:write --output:write --format:value", 0), "gtime": ("-f:value -o:write", 0),
    "timeout": ("-k:value -s:value --kill-after:value --signal:value", 1),
    "gtimeout": ("-k:value -s:value --kill-after:value --signal:value", 1),
    "stdbuf": ("-i:value -o:value -e:value --input:value --output:value --error:value", 0), "unbuffer": ("", 0),
    "strace": ("-e:value -o:write -p:value -s:value -E:value -u:value -P:value -S:value -a:value -b:value", 0),
    "ltrace": ("-e:value -o:write -p:value -s:value", 0), "dtruss": ("", 0), "valgrind": ("", 0), "gdb": ("-ex:value",
    0),
    "busybox": ("", 0), "toybox": ("", 0), "chroot": ("--userspec:value --groups:value", 1), "unshare": ("", 0),
    "nsenter": ("-t:value", 0), "firejail": ("", 0), "bwrap": ("", 0), "proot": ("-r:value -b:value -w:value", 0),
    "caffeinate": ("-t:value -w:value", 0), "chronic": ("", 0), "rlwrap": ("", 0), "noglob": ("", 0), "nocorrect": ("",
    0),
    "coproc": ("", 0), "catchsegv": ("", 0), "torsocks": ("", 0), "proxychains": ("-f:value", 0),
    "proxychains4": ("-f:value", 0),
    "systemd-run": ("-u:value -p:value --unit:value", 0), "systemd-inhibit": ("--what:value --who:value --why:value",
    0),
    "cross-env": ("", 0), "cross-env-shell": ("", 0), "dbus-run-session": ("", 0), "xvfb-run": ("-s:value -n:value", 0),
    "fakeroot": ("", 0), "eatmydata": ("", 0), "setarch": ("", 1), "linux64": ("", 0), "prlimit": ("", 0),
    "taskset": ("", 1),
    "runcon": ("", 0), "setpriv": ("", 0), "pkexec": ("--user:value", 0), "gosu": ("", 1), "su-exec": ("", 1),
    "retry": ("-t:value -d:value", 0), "wait-for-it": ("-t:value", 1), "foreman": ("", 9),
    "honcho": ("-e:hand --env:hand -f:hand", 9),
    "watchexec": ("-e:value -w:value -i:value", 0),
    "nodemon": ("-e:value -w:value --watch:value --ext:value -x:script --exec:script", 9),
    "reflex": ("-r:value -g:value", 0),
    "aws-vault": ("-d:value --duration:value", 2), "lima": ("", 0), "wsl": ("-d:value -u:value -e", 0),
    "env-cmd": ("-f:hand --file:hand", 0),
    "dotenv-cli": ("-e:hand", 0), "mise": ("", 1), "asdf": ("", 1), "rtx": ("", 1), "volta": ("", 1),
    "fnm": ("--using:value", 1),
    "git-crypt": ("", 9), "scalene": ("", 0), "py-spy": ("-o:write", 1), "coverage": ("--source:value --rcfile:value",
    9),
    "hyperfine": ("-w:value -r:value -N --export-json:write --export-markdown:write -p:script --prepare:script", 9),
}  # fmt: skip
"""Wrapper → its options, and how many operands stand before the other program's name; 9: it names none."""

TOOLS: dict[str, frozenset[str]] = {
    "uv": frozenset({"run"}), "poetry": frozenset({"run"}), "pipenv": frozenset({"run"}), "pdm": frozenset({"run"}),
    "hatch": frozenset({"run"}), "rye": frozenset({"run"}), "bundle": frozenset({"exec"}), "npm": frozenset({"exec",
    "x"}),
    "pnpm": frozenset({"exec", "dlx"}), "yarn": frozenset({"exec", "dlx"}), "conda": frozenset({"run"}),
    "mamba": frozenset({"run"}),
    "rbenv": frozenset({"exec"}), "pyenv": frozenset({"exec"}), "nodenv": frozenset({"exec"}),
    "nix": frozenset({"develop", "shell", "run"}),
    "devbox": frozenset({"run"}), "pixi": frozenset({"run"}), "lerna": frozenset({"exec"}),
    "micromamba": frozenset({"run"}),
    "sail": frozenset(), "mise": frozenset({"exec", "x"}), "asdf": frozenset({"exec"}),
}  # fmt: skip
"""Tool of packages → the words behind which another program stands."""

_TOOL_OPTIONS = (
    "-p:value --package:value -n:value --name:value --with:value --python:value --env-file:hand --extra:value "
    "--group:value --directory:value -C:value --filter:value -F:value -c:script --call:script --prefix:value"
)
ONLY_TOOLS = frozenset({"npx", "bunx", "uvx", "pnpx", "pipx"})


def wrapper(call: Call) -> Stream | None:
    """A wrapper of the table: assignments, options and operands of its own, then the other program."""
    table, skip = WRAPPERS[call.name]
    options = roles(table)
    if call.name == "command" and call.words and (call.words[0].text or "") in ("-v", "-V"):
        from nightlatch.agent.shell.commands.builtins import lookup

        return lookup(call)
    arguments = parsed(call.words, options, stops=True)
    for name, value in arguments.options:
        role = options.get(name, "")
        if value is None:
            continue
        if role == "write":
            call.write(value)
        elif role == "hand":
            call.hand_over(value)
        elif role == "script":
            call.script(value, f"the command that {call.name} runs")
        elif role == "folder":
            from nightlatch.agent.shell.commands.archives import in_folder

            call = in_folder(call, value)
    if skip == 9:  # noqa: PLR2004 - see WRAPPERS
        return _scripts(call, arguments.operands)
    return _rest(call, arguments.operands[skip:], is_login=arguments.has("-i", "-s", "--login", "--shell"))


def _scripts(call: Call, operands: list[Word]) -> Stream | None:
    """`hyperfine 'cmd'`; `coverage run x.py`."""
    if call.name == "coverage" and operands and operands[0].text == "run":
        return call.run([Word("python"), *operands[1:]])
    for word in operands if call.name == "hyperfine" else []:
        call.script(word, "the command that hyperfine runs")
    return None


def _rest(call: Call, words: list[Word], *, is_login: bool = False) -> Stream | None:
    twin = call.named(call.name, [])
    twin.state = call.state
    before = dict(call.state.variables)
    if words and words[0].text == "--":
        words = words[1:]
    while words and word_assignment(call.shell, words[0], call.state, environment=False):
        words = words[1:]
    if not words:
        if is_login and call.stdin is not None:
            return call.run([Word("bash")])
        return None
    printed = call.run(words)
    call.state.variables = {**call.state.variables, **before} if before else call.state.variables
    return printed


def environment(call: Call) -> Stream | None:
    """`env`: with a command a wrapper; without one it shows the environment."""
    arguments = parsed(call.words,
    roles("-u:value --unset:value -C:folder --chdir:folder -S:split --split-string:split "
                                         "-P:value"), stops=True)  # fmt: skip
    for value in arguments.values("-S", "--split-string"):
        rest = joined([value, *arguments.operands])
        return call.script(rest, "the command that env runs")
    for value in arguments.values("-C", "--chdir"):
        from nightlatch.agent.shell.commands.archives import in_folder

        call = in_folder(call, value)
    words = arguments.operands
    before = dict(call.state.variables)
    if any(word.text == POLICY for word in arguments.values("-u", "--unset")):
        call.bypass(f"env -u {POLICY}")
    if words and (arguments.has("-i", "--ignore-environment") or words[0].text == "-"):
        words = words[words[0].text == "-" :]
        call.state.assign(POLICY, [[Word("")]])
    while words and word_assignment(call.shell, words[0], call.state, environment=False):
        words = words[1:]
    if words:
        printed = call.run(words)
        call.state.variables = before
        return printed
    if not arguments.has("-i", "--ignore-environment"):
        from nightlatch.agent.shell.commands.credentials import shows_environment

        shows_environment(call.named("env", []), "env")
    return None


def tool(call: Call) -> Stream | None:  # noqa: C901, PLR0911, PLR0912 - one form after the other
    """`uv run`, `npx`, `bundle exec`, `pnpm exec`: the program behind them."""
    from nightlatch.agent.shell.commands.credentials import shows
    from nightlatch.agent.shell.commands.packages import uninstalls

    via = shows(call)
    if via:
        call.shows_credentials(via)
    if uninstalls(call):
        return None
    options = roles(_TOOL_OPTIONS)
    arguments = parsed(call.words, options, stops=True)
    verb = arguments.operands[0].text if arguments.operands else ""
    if call.name not in ONLY_TOOLS:
        verbs = TOOLS[call.name]
        if verb == "run" and call.name in ("npm", "pnpm", "yarn"):
            return None
        if call.name in ("pnpm", "yarn") and verb and verb not in verbs:
            return _direct(call, arguments.operands)
        if verb not in verbs:
            return _own(call, arguments.operands)
        arguments = parsed(arguments.operands[1:], options, stops=True)
    for name, value in arguments.options:
        if options.get(name) == "hand" and value is not None:
            call.hand_over(value)
        if options.get(name) == "script" and value is not None and call.name != "nix":
            return call.script(value, f"the command that {call.name} runs")
    words = arguments.operands
    if words and words[0].text == "--":
        words = words[1:]
    if call.name == "pipx" and words and words[0].text == "run":
        words = words[1:]
    given = arguments.value("-c", "--command") if call.name == "nix" else None
    words = [given, *words] if given is not None else words
    if not words:
        return None
    if len(words) == 1 and " " in words[0].shown.strip():
        return call.script(words[0], f"the command that {call.name} runs")
    first = words[0].text or ""
    name = first.partition("@")[0] if not first.startswith("@") else first.rpartition("/")[2].partition("@")[0]
    if first.endswith(".py") and call.name in ("uv", "poetry", "pipenv", "pdm", "rye", "hatch"):
        return call.run([Word("python"), *words])
    return call.run([Word(name) if name else words[0], *words[1:]])


def _direct(call: Call, operands: list[Word]) -> Stream | None:
    """`pnpm prisma migrate reset`, `yarn drizzle-kit drop`: a program of the project by its name."""
    from nightlatch.agent.shell.commands.index import THEMES

    if THEMES.get(operands[0].text or "") in ("databases", "git"):
        return call.run(operands)
    return None


def _own(call: Call, operands: list[Word]) -> Stream | None:
    """What the tool does by itself: `npm config get`, `npm pkg delete scripts.prepare`, `nix run` …"""
    texts = [word.text for word in operands]
    if texts[:2] == ["config", "set"] and "ignore-scripts" in (texts[2] or "" if len(texts) > 2 else ""):  # noqa: PLR2004 - so many words make the form
        return None
    if texts[:2] == ["pkg", "delete"] and any("prepare" in (text or "") for text in texts[2:]):
        call.bypass(f"{call.name} pkg delete scripts.prepare")
    return None


def watch(call: Call) -> Stream | None:
    """`watch 'cmd'`, `concurrently 'a' 'b'`: their words are commands."""
    arguments = parsed(call.words, roles("-n:value --interval:value -k:value"), stops=call.name == "watch")
    if call.name == "watch":
        return call.script(joined(arguments.operands), "the command that watch runs")
    for word in arguments.operands:
        if " " in word.shown:
            call.script(word, f"the command that {call.name} runs")
    return None


def substitute_user(call: Call) -> Stream | None:
    """`su -c 'cmd' user`, `runuser -u user -- cmd`, `script -c 'cmd' file`, `flock file cmd`."""
    table = {"su": "-c:script --command:script -s:value",
    "runuser": "-c:script --command:script -u:value -s:value -g:value",
             "script": "-c:script --command:script -O:write -I:write -T:write -B:write",
             "flock": "-c:script --command:script -w:value -E:value"}  # fmt: skip
    options = roles(table[call.name])
    arguments = parsed(call.words, options, stops=call.name in ("flock", "runuser"))
    codes = [value for name, value in arguments.options if options.get(name) == "script" and value is not None]
    for value in codes:
        call.script(value, f"the command that {call.name} runs")
    operands = arguments.operands
    if call.name == "flock" and not codes:
        place = next((number for number, word in enumerate(operands) if word.text == "-c"), None)
        if place is not None and place + 1 < len(operands):
            return call.script(operands[place + 1], "the command that flock runs")
        return call.run(operands[1:]) if operands[1:] else None
    if call.name == "runuser" and not codes and operands:
        return call.run(operands)
    if call.name == "script":
        for word in operands[:1]:
            call.write(word)
        if operands[1:]:
            return call.run(operands[1:])
    return None


def log_save(call: Call) -> Stream | None:
    """`logsave file command`."""
    operands = parsed(call.words, {}, stops=True).operands
    for word in operands[:1]:
        call.write(word)
    return call.run(operands[1:]) if operands[1:] else None


def nix_shell(call: Call) -> Stream | None:
    """`nix-shell --run 'cmd'`."""
    for value in parsed(call.words, roles("--run:value --command:value -p:value -A:value -I:value")).values(
        "--run", "--command"
    ):
        call.script(value, "the command that nix-shell runs")
    return None


COMMANDS: dict[str, Usage] = {
    **{name: Usage(handler=wrapper) for name in WRAPPERS if name not in TOOLS}, "env": Usage(handler=environment),
    "genv": Usage(handler=environment), **{name: Usage(handler=tool) for name in (*TOOLS, *ONLY_TOOLS)},
    "watch": Usage(handler=watch), "concurrently": Usage(handler=watch), "su": Usage(handler=substitute_user),
    "runuser": Usage(handler=substitute_user), "script": Usage(handler=substitute_user),
    "flock": Usage(handler=substitute_user),
    "nix-shell": Usage(handler=nix_shell), "logsave": Usage(handler=log_save),
}  # fmt: skip
