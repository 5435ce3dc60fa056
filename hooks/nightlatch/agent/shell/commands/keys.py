"""Programs that use keys, and those that show credentials by their nature."""

from __future__ import annotations

from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.usage import READ, Usage, act

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.values import Stream, Word

_OPENSSL = (
    "-in:in -key:hand -inkey:hand -keyin:in -signkey:hand -CAkey:hand -CA:hand -cert:hand -certfile:hand -CAfile:hand "
    "-kfile:hand -sign:hand -verify:hand -recip:hand -signer:hand -out:write -keyout:write -passin:pass -passout:pass "
    "-pass:pass -k:value -subj:value -days:value -config:hand -extfile:hand -extensions:value -addext:value "
    "-newkey:value -inform:value -outform:value -connect:value -servername:value -name:value -set_serial:value "
    "-macopt:value -iter:value -iv:value -K:value -S:value -nameopt:value -certopt:value -checkend:value"
)
_USES_A_KEY = frozenset({"req", "ca", "s_client", "s_server", "verify", "crl", "ocsp", "ts", "smime", "cms"})


def openssl(call: Call) -> Stream | None:
    """`openssl`: a key that is read is shown, but where only its public half comes out, or nothing."""
    name = call.words[0].text if call.words else ""
    table = roles(_OPENSSL)
    arguments = parsed(call.words[1:], table, single_dash=True)
    is_public = arguments.has("-pubout", "-nokeys") or (
        arguments.has("-noout") and not arguments.has("-text", "-modulus")
    )
    is_silent = is_public or name in _USES_A_KEY
    for option, value in arguments.options:
        if value is not None:
            _openssl_option(call, table.get(option, ""), value, is_silent=is_silent)
    for word in arguments.operands:
        if name in ("dgst", "md5", "sha1", "sha256"):
            call.look(word)
        elif name not in ("rand", "prime", "genrsa", "genpkey", "version", "list", "help"):
            call.read(word)
    if not arguments.has("-in") and name not in ("dgst", "rand", "s_client", "version"):
        call.read_stdin()
    return None


def _openssl_option(call: Call, role: str, value: Word, *, is_silent: bool) -> None:
    if role == "in":
        (call.hand_over if is_silent else call.read)(value)
    elif role == "pass" and value.prefix.startswith("file:"):
        call.hand_over(value.cut(len("file:")))
    elif role in ("hand", "write"):
        act(call, role, value)


def ssh_keygen(call: Call) -> None:
    """`ssh-keygen`: makes keys, tells a key's public half or fingerprint."""
    arguments = parsed(call.words, roles("-f:value -t:value -b:value -C:value -N:value -P:value -m:value -s:hand "
                                         "-I:value -n:value -V:value -F:value -R:value -E:value -Y:value -O:value"
))  # fmt: skip
    file = arguments.value("-f")
    if file is None:
        return
    if arguments.has("-y", "-l", "-B", "-F", "-Y", "-e", "-i", "-L"):
        call.hand_over(file)
    else:
        call.write(file)


def gpg(call: Call) -> Stream | None:
    """`gpg`: files it encrypts, decrypts or signs; secret keys it exports."""
    table = "-r:value --recipient:value -u:value --local-user:value -o:write --output:write --passphrase-file:hand "
    "--homedir:value"
    arguments = parsed(call.words, roles(table))
    if arguments.has("--export-secret-keys", "--export-secret-subkeys"):
        call.shows_credentials("gpg --export-secret-keys")
        return None
    for word in arguments.values("-o", "--output"):
        call.write(word)
    for word in arguments.values("--passphrase-file"):
        call.hand_over(word)
    if arguments.has(
        "--list-keys", "-k", "-K", "--list-secret-keys", "--export", "--fingerprint", "--import", "--recv-keys"
    ):
        for word in arguments.operands:
            call.look(word)
        return None
    for word in arguments.operands:
        call.read(word)
    call.read_stdin()
    return None


def sops(call: Call) -> Stream | None:
    """`sops -d file`: shows what is encrypted; `sops exec-env file cmd` hands it over."""
    words = call.words
    if words and words[0].text in ("exec-env", "exec-file") and len(words) > 2:  # noqa: PLR2004 - file, command
        call.hand_over(words[1])
        return call.script(words[2], "the command that sops runs")
    arguments = parsed(words, roles("--input-type:value --output-type:value --output:write --extract:value -k:value "
                                    "--kms:value --pgp:value --age:value --config:hand"))  # fmt: skip
    operands = [word for word in arguments.operands if word.text not in ("decrypt", "encrypt", "edit")]
    decrypts = arguments.has("-d", "--decrypt") or any(word.text == "decrypt" for word in arguments.operands)
    for word in operands:
        call.read(word)
    if decrypts and not arguments.has("-i", "--in-place", "--output"):
        call.shows_credentials("sops -d")
    return None


def _ansible_vault(call: Call) -> Stream | None:
    arguments = parsed(call.words, roles("--vault-password-file:hand --vault-id:value --output:write"))
    for word in arguments.operands[1:]:
        call.read(word)
    for word in arguments.values("--vault-password-file"):
        call.hand_over(word)
    if arguments.operands[:1] and arguments.operands[0].text in ("view", "decrypt"):
        call.shows_credentials(f"ansible-vault {arguments.operands[0].text}")
    return None


COMMANDS: dict[str, Usage] = {
    "openssl": Usage(handler=openssl), "ssh-keygen": Usage(handler=ssh_keygen),
    "ssh-add": Usage("hand"), "ssh-copy-id": Usage("nothing", "-i:hand -p:value -o:value"),
    "gpg": Usage(handler=gpg), "gpg2": Usage(handler=gpg), "sops": Usage(handler=sops),
    "age": Usage(READ, "-i:hand --identity:hand -r:value -R:hand -o:write --output:write"),
    "keytool": Usage("nothing", "-keystore:hand -file:write -storepass:value -alias:value", single_dash=True),
    "certtool": Usage(READ, "--infile:read --outfile:write --load-privkey:hand --load-certificate:hand"),
    "puttygen": Usage("hand", "-o:write -O:value -t:value -b:value"),
    "ansible-vault": Usage(handler=_ansible_vault), "step": Usage(READ, skip=2),
    "mkcert": Usage("nothing", "-cert-file:write -key-file:write", single_dash=True), "base58": Usage(READ),
}  # fmt: skip
