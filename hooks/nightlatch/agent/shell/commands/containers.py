"""Containers and clusters: commands that run inside, with the folders that they see; files that are handed over."""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.state import Mount
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Stream, Unknown, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

_RUN = (
    "-v:volume --volume:volume --mount:mount -w:folder --workdir:folder -e:value --env:value --env-file:hand "
    "--name:value -p:value --publish:value --network:value --net:value --entrypoint:entry -u:value --user:value "
    "-h:value --hostname:value -l:value --label:value --link:value -m:value --memory:value --cpus:value "
    "--restart:value --pull:value --platform:value --add-host:value --cap-add:value --cap-drop:value --device:value "
    "--dns:value --gpus:value --ipc:value --log-driver:value --log-opt:value --pid:value --privileged --rm --init "
    "--security-opt:value --shm-size:value --tmpfs:value --ulimit:value --cidfile:write --volumes-from:value "
    "--userns:value --uts:value --stop-signal:value --secret:secret"
)
_COMPOSE = (
    "-f:hand --file:hand --env-file:hand -p:value --project-name:value --profile:value --project-directory:value "
    "--ansi:value --parallel:value --progress:value"
)
_EXEC = (
    "-u:value --user:value -w:folder --workdir:folder -e:value --env:value --env-file:hand --detach-keys:value "
    "--index:value"
)
_BUILD = (
    "-t:value --tag:value -f:hand --file:hand --build-arg:value --secret:secret --ssh:value --target:value "
    "--platform:value -o:value --output:value --cache-from:value --cache-to:value --label:value --network:value "
    "--progress:value"
)
_KUBECTL = (
    "-n:value --namespace:value --context:value --kubeconfig:hand -l:value --selector:value -o:value --output:value "
    "-c:value --container:value -f:hand --filename:hand -k:hand --kustomize:hand --cluster:value --user:value "
    "--as:value "
    "--field-selector:value --since:value --tail:value -p:value --patch:value --patch-file:hand --from-env-file:hand "
    "--from-file:hand --from-literal:value --template:value --type:value --image:value --port:value --timeout:value "
    "--replicas:value --request-timeout:value --sort-by:value -L:value --for:value"
)


def docker(call: Call) -> Stream | None:
    """`docker`, `podman`, `nerdctl`."""
    table = roles(
        "-H:value --host:value --context:value -c:value --config:value -l:value --log-level:value --tlscacert:hand"
    )
    arguments = parsed(call.words, table, stops=True)
    words = arguments.operands
    kind = words[0].text if words else ""
    while words and words[0].text in ("container", "image", "buildx"):
        words = words[1:]
    if not words or (kind == "image" and words[0].text == "inspect"):
        return None
    follow = {"run": _run, "create": _run, "exec": _exec, "compose": compose, "build": _build, "cp": _copy,
              "inspect": _inspect, "save": _save, "config": None, "login": _login}.get(words[0].text or "")  # fmt: skip
    return follow(call.named(f"{call.name} {words[0].text}", words[1:])) if follow is not None else None


def _hand_files(call: Call, table: dict[str, str], options: list[tuple[str, Word | None]]) -> None:
    for name, value in options:
        role = table.get(name, "")
        if value is None or value.text == "-":
            continue
        if role == "hand":
            call.hand_over(Word(*value.parts) if name != "--from-file" else _behind_equals(value))
        elif role == "write":
            call.write(value)
        elif role == "secret":
            for part in value.shown.split(","):
                key, _, path = part.partition("=")
                if key in ("src", "source"):
                    call.hand_over(Word(path))


def _behind_equals(value: Word) -> Word:
    name, equals, _ = value.prefix.partition("=")
    return value.cut(len(name) + 1) if equals else value


def _run(call: Call) -> Stream | None:
    table = roles(_RUN)
    arguments = parsed(call.words, table, stops=True)
    _hand_files(call, table, arguments.options)
    mounts: list[Mount] = []
    folder = "/"
    entry: list[Word] = []
    for name, value in arguments.options:
        role = table.get(name, "")
        if value is None:
            continue
        if role == "volume":
            mounts += _volume(call, value)
        elif role == "mount":
            mounts += _mount(call, value)
        elif role == "folder":
            folder = value.shown
        elif role == "entry":
            entry = [value]
    command = [*entry, *arguments.operands[1:]]
    if not arguments.operands or not command:
        return None
    if entry == [] and command[0].prefix.startswith("-"):
        command = [Word(_image_name(arguments.operands[0])), *command]
    loaded = tuple(path for value in arguments.values("--env-file") for path in call.paths(value))
    return _inside(call, command, tuple(mounts), folder, loaded)


def _image_name(word: Word) -> str:
    """An image whose entry point is told by its name: `minlag/mermaid-cli`, `mikefarah/yq`."""
    return word.shown.rpartition("/")[2].partition(":")[0] or "image"


def _volume(call: Call, value: Word) -> list[Mount]:
    text = value.text
    if text is None:
        inside = value.suffix.lstrip(":").partition(":")[0] if value.suffix.startswith(":") else ""
        known = value.parts[0]
        if inside and isinstance(known, Unknown) and known.source.strip('"{}$') in ("PWD", "(pwd)"):
            return [Mount(inside, call.place.root)]
        return [Mount(inside, call.place.root)] if inside.startswith("/") else []
    parts = text.split(":")
    if len(parts) < 2 or not parts[1].startswith("/"):  # noqa: PLR2004 - outside and inside
        return []
    if parts[0][:1] not in ("/", ".", "~"):
        return []  # a volume with a name
    return [Mount(parts[1], os.path.normpath(path)) for path in call.paths(Word(parts[0]))]


def _mount(call: Call, value: Word) -> list[Mount]:
    fields = dict(part.partition("=")[::2] for part in value.shown.split(","))
    source = fields.get("source") or fields.get("src")
    target = fields.get("target") or fields.get("dst") or fields.get("destination")
    if fields.get("type", "bind") != "bind" or not source or not target:
        return []
    return [Mount(target, os.path.normpath(path)) for path in call.paths(Word(source))]


def _inside(
    call: Call, command: list[Word], mounts: tuple[Mount, ...], folder: str, loaded: tuple[str, ...] = ()
) -> Stream | None:
    """Follow a command that runs in a container."""
    state = call.state.copy()
    state.mounts = mounts
    state.folders = (folder,)
    state.loaded = loaded
    state.variables, state.functions, state.aliases = {}, {}, {}
    return call.shell.command(command, state, call.stdin)


def _exec(call: Call) -> Stream | None:
    table = roles(_EXEC)
    arguments = parsed(call.words, table, stops=True)
    _hand_files(call, table, arguments.options)
    folder = arguments.value("-w", "--workdir")
    command = arguments.operands[1:]
    return _inside(call, command, (), folder.shown if folder is not None else "/") if command else None


def _build(call: Call) -> None:
    table = roles(_BUILD)
    _hand_files(call, table, parsed(call.words, table).options)


def _copy(call: Call) -> None:
    operands = parsed(call.words, {}).operands
    for place, word in enumerate(operands):
        if ":" not in word.shown:
            (call.read if place == 0 else call.write)(word)


def _inspect(call: Call) -> None:
    """Shows the variables of a container too."""
    from nightlatch.agent.shell.commands.credentials import show_described

    arguments = parsed(call.words, roles("-f:value --format:value --type:value"))
    form = arguments.value("-f", "--format")
    kind = arguments.value("--type")
    if form is not None and _shows_variables(form.shown):
        show_described(call, f"{call.name} -f {form.shown}")
    elif form is None and (kind is None or kind.text == "container") and arguments.operands:
        show_described(call, call.name)


def _shows_variables(form: str) -> bool:
    return ".Env" in form or "".join(form.split()) in ("json", "{{json.}}", "{{.}}", "{{json.Config}}", "{{.Config}}")


def _save(call: Call) -> None:
    for word in parsed(call.words, roles("-o:value --output:value")).values("-o", "--output"):
        call.write(word)


def _login(call: Call) -> None:
    call.read_stdin()


def compose(call: Call) -> Stream | None:
    """`docker compose`: with files that it is given; what runs inside a service."""
    table = roles(_COMPOSE)
    arguments = parsed(call.words, table, stops=True)
    _hand_files(call, table, arguments.options)
    words = arguments.operands
    name = words[0].text if words else ""
    inner = call.named(f"{call.name} {name}", words[1:])
    if name == "exec":
        return _exec(inner)
    if name == "run":
        return _run(inner)
    if name in ("config", "convert"):
        quiet = parsed(inner.words, {}).has("-q", "--quiet", "--services", "--images", "--profiles", "--volumes")
        if not quiet:
            call.shows_credentials(f"{call.name} {name}")
    return None


def helm(call: Call) -> None:
    """`helm template -f values` prints them, `install -f` hands them over; `get values` prints those that are set."""
    from nightlatch.agent.shell.commands.credentials import show_described

    arguments = parsed(
        call.words, roles("-f:value --values:value -n:value --namespace:value --set:value --kube-context:value "
                          "--version:value -o:value --output:value --post-renderer:value --revision:value")
    )  # fmt: skip
    texts = [word.text for word in arguments.operands]
    is_printed = texts[:1] == ["template"] or arguments.has("--dry-run", "--debug")
    for word in arguments.values("-f", "--values"):
        (call.read if is_printed else call.hand_over)(word)
    if texts[:2] in (["get", "values"], ["get", "all"]):
        show_described(call, f"helm get {texts[1]}")


def kubectl(call: Call) -> Stream | None:
    """`kubectl`: secrets that it prints, commands that it runs in pods."""
    words = list(call.words)
    inside: list[Word] = []
    for place, word in enumerate(words):
        if word.text == "--":
            inside, words = words[place + 1 :], words[:place]
            break
    table = roles(_KUBECTL)
    if words and words[0].text in ("logs", "log"):
        table = {name: role for name, role in table.items() if name != "-f"}  # there it is `--follow`
    arguments = parsed(words, table)
    _hand_files(call, table, arguments.options)
    texts = [word.shown.lower() for word in arguments.operands]
    verb = texts[0] if texts else ""
    form = arguments.value("-o", "--output")
    _printed_files(call, texts, arguments)
    shown = _secrets_shown(texts, arguments, form)
    if shown:
        call.shows_credentials(f"{call.name} {shown}")
    elif verb == "exec" and (inside or len(arguments.operands) > 2):  # noqa: PLR2004 - exec, pod, command
        return _inside(call, inside or arguments.operands[2:], (), "/")
    elif verb in ("run", "debug") and inside:
        return _inside(call, inside, (), "/")
    elif verb == "cp":
        _copy(call.named(f"{call.name} cp", arguments.operands[1:]))
    return None


def _printed_files(call: Call, texts: list[str], arguments: Arguments) -> None:
    """Files that come out again: `apply --dry-run -o yaml`, `create secret --from-file`, in base64."""
    form = arguments.value("-o", "--output")
    if form is None or form.text == "name":
        return
    if arguments.has("--dry-run"):
        for word in arguments.values("-f", "--filename"):
            call.read(word)
    if texts[:2] in (["create", "secret"], ["create", "configmap"]):
        for word in arguments.values("--from-env-file", "--from-file"):
            call.read(_behind_equals(word))


def _secrets_shown(texts: list[str], arguments: Arguments, form: Word | None) -> str:
    """The words with which `kubectl` prints credentials; empty where it doesn't."""
    if texts[:1] == ["get"] and any(_is_secret(text) for text in texts[1:]):
        return f"get secret -o {form.shown}" if form is not None and form.text not in ("name", "wide") else ""
    if texts[:2] == ["config", "view"] and arguments.has("--raw"):
        return "config view --raw"
    return "create token" if texts[:2] == ["create", "token"] else ""


def _is_secret(text: str) -> bool:
    kinds = text.partition("/")[0].split(",")
    return any(kind in ("secret", "secrets") or kind.startswith(("secret.", "secrets.")) for kind in kinds)


def _k3s(call: Call) -> Stream | None:
    if call.words and call.words[0].text == "kubectl":
        rest = [word for word in call.words[1:] if word.text != "--"]
        return kubectl(call.named("kubectl", rest))
    return None


def _behind_dashes(call: Call) -> Stream | None:
    texts = [word.text for word in call.words]
    return _inside(call, call.words[texts.index("--") + 1 :], (), "/") if "--" in texts else None


def _fly(call: Call) -> Stream | None:
    from nightlatch.agent.shell.commands.credentials import follow

    texts = [word.text for word in call.words]
    for name in ("-C", "--command"):
        if name in texts and texts.index(name) + 1 < len(texts):
            state = call.state.copy()
            state.mounts, state.folders = (), ("/",)
            return call.shell.script(call.words[texts.index(name) + 1].shown, state, None)
    return follow(call)


COMMANDS: dict[str, Usage] = {
    "docker": Usage(handler=docker), "podman": Usage(handler=docker), "nerdctl": Usage(handler=docker),
    "docker-compose": Usage(handler=compose), "podman-compose": Usage(handler=compose),
    "kubectl": Usage(handler=kubectl),
    "k": Usage(handler=kubectl), "oc": Usage(handler=kubectl), "k3s": Usage(handler=_k3s),
    "kubecolor": Usage(handler=kubectl), "minikube": Usage(handler=_k3s),
    "microk8s": Usage(handler=_k3s),
    "lxc": Usage(handler=_behind_dashes), "fly": Usage(handler=_fly),
    "flyctl": Usage(handler=_fly), "devcontainer": Usage(),
    "helm": Usage(handler=helm), "skaffold": Usage("nothing", "-f:hand"),
    "kustomize": Usage("nothing", "-o:write"), "buildah": Usage(handler=docker),
}  # fmt: skip
