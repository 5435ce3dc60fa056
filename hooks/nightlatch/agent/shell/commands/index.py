"""Which theme follows a program, so that only its table is loaded."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.usage import Usage

NAMES: dict[str, str] = {
    "builtins": (
        ". : alias autoload bg bind bindkey break caller cd chdir compdef compgen complete continue declare dirs "
        "disown echo emulate enable eval exec exit export false fc fg getopts hash help history jobs kill let local "
        "logout mapfile popd print printf pushd pwd read readarray readonly return set setopt shift shopt source "
        "suspend times trap true type typeset ulimit umask unalias unset unsetopt wait whereis which zmodload"
    ),
    "machine": (
        "arch beep cal clear date expr factor free getconf groups hostname htop id info killall last locale "
        "lsblk lscpu man nproc pgrep pkill ps reset say seq sleep stty sync tldr top tput tty uname uptime uuidgen "
        "vmstat w who whoami yes"
    ),
    "text": (
        "ack ag awk b2sum base32 base64 basenc bat bzcat cat cksum cloc cmp code colordiff column comm csvcut csvlook "
        "cursor cut dasel delta diff diff3 difft dos2unix egrep envsubst expand fgrep fmt fold fx gawk ggrep glow "
        "gojq grep gsed gzcat hd head hexdump hexyl highlight htmlq icdiff iconv jaq join jq json less lolcat look "
        "mawk md5 md5sum mdcat mlr more most nawk nkf nl od open pandoc paste pcre2grep pcregrep plutil pr pygmentize "
        "rev rg rgrep scc sdiff sed sha1sum sha224sum sha256sum sha384sum sha512sum shasum shuf sort strings sum tac "
        "tail tokei tomlq tr ugrep unexpand uniq uudecode uuencode vimdiff wc wdiff xdg-open xmllint xq xsv xxd xzcat "
        "yq zcat zgrep zless zmore zstdcat"
    ),
    "editors": "ed emacs ex nano nvim red vi view vim",
    "files": (
        "[ apply_patch applypatch basename chattr chgrp chmod chown cp csplit dd del df dir dirname du exa eza "
        "fallocate file fuser gcp getfacl ginstall install ln logger lp lpr ls lsattr lsd lsof mkdir mkfifo mknod "
        "mktemp mmv mountpoint mv namei patch pbcopy pbpaste prename qrencode readlink realpath rename rimraf rm "
        "rmdir setfacl shred split sponge srm stat tee test touch trash trash-put tree truncate unlink vdir wall "
        "wl-copy xattr xclip xsel"
    ),
    "find": "entr fd fdfind find fzf gfind gxargs locate parallel xargs",
    "archives": (
        "7z 7za 7zz ar brotli bsdtar bzip2 compress cpio gtar gunzip gzip lz4 pax pigz rar tar unzip xz zip zipinfo "
        "zstd"
    ),
    "network": (
        "autossh azcopy croc curl dig ftp gsutil host http https lftp mail mailx mc mosh mutt nc ncat netcat "
        "nslookup ping rclone rsync s3cmd scp sendmail sftp socat ssh telnet wget wget2 wormhole xh"
    ),
    "keys": (
        "age ansible-vault base58 certtool gpg gpg2 keytool mkcert openssl puttygen sops ssh-add ssh-copy-id "
        "ssh-keygen step"
    ),
    "git": "gh git glab gt hub husky jj lazygit lefthook overcommit pre-commit prek simple-git-hooks tig yadm",
    "containers": (
        "buildah devcontainer docker docker-compose fly flyctl helm k k3s kubecolor kubectl kustomize lxc microk8s "
        "minikube nerdctl oc podman podman-compose skaffold"
    ),
    "databases": (
        "aerich alembic artisan atlas beeline bq clickhouse clickhouse-client cockroach convex cqlsh createdb db2 "
        "dbmate diesel django-admin dolt drizzle-kit dropdb dropuser duckdb edgedb ef fbsql flask flyway goose hasura "
        "hive impala-shell influx invoke-sqlcmd isql isql-fb keydb-cli knex liquibase litecli mariadb mariadb-dump "
        "migrate mikro-orm mix mongo mongorestore mongosh mycli mysql mysqladmin mysqldump mysqlsh neonctl "
        "pg_dropcluster pg_dump pg_dumpall pg_restore pgcli presto prisma pscale psql rails rake redis-cli sequelize "
        "sequelize-cli snow snowsql spark-sql sqitch sqlcipher sqlcmd sqlite sqlite3 sqlplus sqlx supabase trino tsql "
        "turso typeorm usql valkey-cli vsql wp"
    ),
    "credentials": (
        "argocd aws az berglas bw chamber consul credstash databricks direnv docker-credential-desktop "
        "docker-credential-osxkeychain doctl doppler dotenv dotenvx etcdctl firebase gcloud git-credential-manager "
        "git-credential-osxkeychain git-credential-store gopass heroku infisical keyring kwallet-query "
        "launchctl lpass netlify nmcli op pass printenv pulumi railway rbw render secret-tool security stripe "
        "systemctl tailscale teller terraform tofu vault vercel wrangler"
    ),
    "interpreters": (
        "ash bash bun csh dash deno fish ipython irb ksh lua luajit mksh node nodejs osascript perl php "
        "pypy pypy3 python python2 python3 rbash ruby sh tcsh ts-node tsx zsh"
    ),
    "other_shells": "cmd powershell pwsh pwsh-preview",
    "other_languages": (
        "R Rscript bc clojure crystal dc elixir erl ghc groovy guile jshell julia kotlin kotlinc lldb m4 octave "
        "racket raku sbcl scala swipl tclsh wolframscript"
    ),
    "packages": (
        "apk apt apt-get aptitude brew cargo choco dnf gem nightlatch pacman pip pip3 port scoop snap winget yum zypper"
    ),
    "toolchains": ("c++ cc clang clang++ g++ gcc go javac protoc rustc tcc"),
    "scheduled": (
        "aider at batch claude codex copilot crontab cursor-agent expect gemini gmake make parallel-make remake "
        "screen tmux"
    ),
    "runners": (
        "asdf aws-vault builtin bundle bunx busybox bwrap caffeinate catchsegv chronic chroot chrt command "
        "concurrently conda coproc coverage cross-env cross-env-shell dbus-run-session devbox doas dotenv-cli dtruss "
        "eatmydata env env-cmd fakeroot firejail flock fnm foreman gdb genv git-crypt gosu gtime gtimeout hatch "
        "honcho hyperfine ionice lerna lima linux64 logsave ltrace mamba micromamba mise nice nix nix-shell nocorrect "
        "nodemon nodenv noglob nohup npm npx nsenter pdm pipenv pipx pixi pkexec pnpm pnpx poetry prlimit proot "
        "proxychains proxychains4 py-spy pyenv rbenv reflex retry rlwrap rtx runcon runuser rye sail scalene script "
        "setarch setpriv setsid stdbuf strace su su-exec sudo systemd-inhibit systemd-run taskset time timeout "
        "torsocks toybox unbuffer unshare uv uvx valgrind volta wait-for-it watch watchexec wsl xvfb-run yarn"
    ),
}
"""Theme → the names that its table has."""

THEMES: dict[str, str] = {name: theme for theme, names in NAMES.items() for name in names.split()}


TELLING = frozenset(
    {"brew", "conda", "gem", "npm", "pg_config", "pip", "pnpm", "poetry", "python3-config", "rustup", "uv",
     "xcode-select", "xcrun", "yarn"}
)  # fmt: skip
"""Programs that print folders of their own (`printed_folders.py`)."""


def usage_of(name: str) -> Usage | None:
    """How a program is used; None for one that no table has. A name in capitals is tried in small letters too."""
    from importlib import import_module

    theme = THEMES.get(name) or THEMES.get(name.lower())
    if theme is None:
        return None
    table: dict[str, Usage] = import_module(f"nightlatch.agent.shell.commands.{theme}").COMMANDS
    return table.get(name) or table.get(name.lower())
