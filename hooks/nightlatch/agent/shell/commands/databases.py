"""Clients of databases: the SQL that they run, wherever it comes from, and tools that reset whole databases."""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.usage import Usage, act
from nightlatch.agent.shell.values import Stream, Word, joined, unknown_stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

_PSQL = (
    "-c:sql --command:sql -f:file --file:file -v:variable --set:variable --variable:variable -d:value --dbname:value "
    "-h:value --host:value -p:value --port:value -U:value --username:value -o:write --output:write -L:write "
    "--log-file:write -P:value --pset:value -F:value -R:value -T:value"
)
_MYSQL = (
    "-e:sql --execute:sql --init-command:sql -h:value --host:value -u:value --user:value -P:value --port:value "
    "-D:value --database:value -S:value --socket:value -p:optional --password:optional --defaults-file:hand "
    "--defaults-extra-file:hand --default-character-set:value --protocol:value --tee:write --ssl-ca:hand "
    "--ssl-cert:hand --ssl-key:hand --delimiter:value"
)
_SQLITE = (
    "-cmd:sql --cmd:sql -init:file --init:file -separator:value -newline:value -nullvalue:value -c:sql -s:sql "
    "-f:file -maxsize:value"
)
_SQLCMD = (
    "-Q:sql -q:sql --query:sql -i:file --input-file:file -o:write -S:value -U:value -P:value -d:value "
    "-v:variable -h:value -s:value -w:value"
)
_CLICKHOUSE = (
    "-q:sql --query:sql --queries-file:file -h:value --host:value --port:value -u:value --user:value --password:value "
    "-d:value --database:value --format:value --multiquery:optional -n:optional"
)
_COCKROACH = (
    "-e:sql --execute:sql -f:file --file:file --url:value --host:value -u:value --user:value -d:value "
    "--database:value --certs-dir:value --format:value"
)
_SNOW = (
    "-q:sql --query:sql -f:file --filename:file -D:variable -c:value --connection:value -o:value -a:value "
    "-u:value -d:value"
)
_PLAIN = (
    "-e:sql --execute:sql -c:sql --command:sql -q:sql --query:sql -f:file --file:file -i:file -h:value "
    "-u:value -d:value -p:value --host:value --port:value --user:value --database:value"
)

CLIENTS: dict[str, str] = {
    "psql": _PSQL, "pgcli": _PSQL, "mysql": _MYSQL, "mariadb": _MYSQL, "mycli": _MYSQL, "sqlcmd": _SQLCMD,
    "clickhouse-client": _CLICKHOUSE, "cockroach": _COCKROACH, "snowsql": _SNOW,
    "snow": _SNOW, "bq": "--project_id:value",
    "usql": _PSQL, "litecli": _PLAIN, "isql": _PLAIN, "tsql": _PLAIN, "cqlsh": _PLAIN, "trino": _PLAIN,
    "presto": _PLAIN, "beeline": _PLAIN, "hive": _PLAIN, "spark-sql": _PLAIN, "impala-shell": _PLAIN, "vsql": _PLAIN,
    "sqlplus": "-M:value -C:value", "fbsql": _PLAIN, "isql-fb": _PLAIN, "db2": _PLAIN, "turso": "",
    "dolt": "-q:sql --query:sql",
    "influx": "-execute:sql --execute:sql", "invoke-sqlcmd": "-query:sql -inputfile:file",
    "mysqlsh": "-e:sql --execute:sql -f:file --file:file -h:value -u:value -P:value -D:value --sql --py --js",
}  # fmt: skip
"""Client → its options: `sql` is a text, `file` a script of SQL, `variable` a name with a value for the text."""


def client(call: Call) -> Stream | None:
    """A client: texts and files in its options; else what flows in."""
    kind = call.name.lower()
    table = roles(CLIENTS[kind])
    words = call.words
    if kind == "invoke-sqlcmd":
        words = [Word(word.text.lower()) if word.prefix.startswith("-") and word.text else word for word in words]
    arguments = parsed(words, table, single_dash=kind in ("influx", "invoke-sqlcmd"))
    variables = _variables(arguments, table)
    found = _options(call, arguments, table, variables)
    operands = arguments.operands
    if call.name in ("cockroach", "turso", "dolt", "bq", "snow") and operands:
        found = _subcommand(call, operands, found=found)
    for word in operands if call.name == "sqlplus" else []:
        if word.prefix.startswith("@"):
            found = True
            _file(call, word.cut(1), variables)
    if not found and not arguments.has("-l", "--list", "-V", "--version", "--help", "-?"):
        _stdin(call, variables)
    return None


def _options(call: Call, arguments: Arguments, table: dict[str, str], variables: dict[str, str]) -> bool:
    """Follow the options of a client; whether SQL is among them."""
    found = False
    for name, value in arguments.options:
        role = table.get(name, "")
        if value is None:
            continue
        if role == "sql":
            found = True
            _text(call, value, f"{call.name} {name}", variables)
        elif role == "file":
            found = True
            _file(call, value, variables)
        elif role in ("write", "hand"):
            act(call, role, value)
    return found


def _subcommand(call: Call, operands: list[Word], *, found: bool) -> bool:
    """`bq query '…'`, `turso db shell name '…'`, `cockroach sql`, `dolt sql`."""
    texts = [word.text for word in operands]
    if reset(call):
        return True
    if call.name == "bq":
        if texts[0] == "query" and len(operands) > 1:
            _text(call, joined(operands[1:]), "bq query", {})
        return True
    if call.name == "turso":
        if texts[:2] == ["db", "shell"] and len(operands) > 3:  # noqa: PLR2004 - db shell name text
            _text(call, joined(operands[3:]), "turso db shell", {})
            return True
        return texts[:2] != ["db", "shell"]
    return found or texts[0] != "sql"


def embedded(call: Call) -> Stream | None:
    """`sqlite3 file 'SQL'`, `duckdb file -c 'SQL'`: the file first."""
    table = roles(_SQLITE)
    arguments = parsed(call.words, table, single_dash=True)
    found = False
    for word in arguments.operands[:1]:
        if word.text != ":memory:":
            call.hand_over(word)
    for name, value in arguments.options:
        role = table.get(name, "")
        if value is not None and role == "sql":
            found = True
            _text(call, value, f"{call.name} {name}", {})
        elif value is not None and role == "file":
            found = True
            _file(call, value, {})
    for word in arguments.operands[1:]:
        found = True
        _text(call, word, call.name, {})
    if not found and not arguments.has("-version", "--version", "-help", "--help"):
        _stdin(call, {})
    return None


def _variables(arguments: Arguments, table: dict[str, str]) -> dict[str, str]:
    found = {}
    for name, value in arguments.options:
        if table.get(name) == "variable" and value is not None and value.text is not None:
            key, _, text = value.text.partition("=")
            found[key] = text
    return found


def _text(call: Call, word: Word, via: str, variables: dict[str, str]) -> None:
    text = word.text
    if text is None:
        from nightlatch.agent.shell.values import Unknown

        # what is known of it still counts: `DROP TABLE $name`
        known = " ".join("unknown_part" if isinstance(part, Unknown) else part for part in word.parts)
        if any(isinstance(part, str) and part.strip() for part in word.parts):
            _run(call, known, via, variables)
        call.sql(None, via)
        return
    _run(call, text, via, variables)


def _file(call: Call, word: Word, variables: dict[str, str]) -> None:
    via = f"{call.name} {word.shown}"
    if word.text == "-":
        _stdin(call, variables)
        return
    held = call.shell.process_stream(word.text or "")
    if held is None and word.text is not None:
        call.read(word)  # where it is no SQL, the server's error quotes it
    text = held.text if held is not None else call.file_text(word)
    if text is None:
        call.sql(None, via)
    else:
        _run(call, text, via, variables, base=word)


def _stdin(call: Call, variables: dict[str, str]) -> None:
    """What flows in."""
    if call.stdin is None:
        return
    call.read_stdin()
    word = call.stdin.word
    if word is None:
        call.sql(None, f"{call.name} < {call.stdin.source.lstrip('< ')}".strip(" <"))
    else:
        _text(call, word, f"what flows into {call.name}", variables)


def _run(call: Call, text: str, via: str, variables: dict[str, str], base: Word | None = None) -> None:
    """A text of SQL with what it includes; the commands that it starts outside the database are followed too."""
    from nightlatch.agent.sql.client_commands import opened

    folder = os.path.dirname(base.text or "") if base is not None else ""

    def read(name: str, *, is_relative: bool) -> str | None:
        word = Word(os.path.join(folder, name) if is_relative and folder else name)
        call.read(word)
        return call.file_text(word)

    found = opened(text, call.name, variables, read)
    if found.text.strip():
        call.sql(found.text, via)
    if not found.is_complete:
        call.sql(None, via)
    for command in found.commands:
        call.shell.script(command, call.state.copy(), unknown_stream(f"what {call.name} prints"))
    for name in found.written:
        call.write(Word(name))
    for name in found.read:
        call.read(Word(name))


def prisma(call: Call) -> Stream | None:
    """`prisma db execute`, `db push --force-reset`, `migrate reset`."""
    arguments = parsed(call.words,
    roles("--file:value --url:value --schema:hand --script:value --from-url:value --name:value "
                                         "-n:value --create-only"))  # fmt: skip
    texts = " ".join(word.shown for word in arguments.operands)
    if texts.startswith("db execute"):
        file = arguments.value("--file")
        if file is not None:
            _file(call, file, {})
        else:
            _stdin(call, {})
    elif texts.startswith("migrate reset"):
        call.sql("DROP DATABASE prisma_migrate_reset", "prisma migrate reset")
    elif texts.startswith("db push"):
        for option in ("--force-reset", "--accept-data-loss"):
            if arguments.has(option):
                call.sql("DROP DATABASE prisma_db_push", f"prisma db push {option}")
    return None


RESETS: dict[str, tuple[tuple[str, ...], ...]] = {
    "drizzle-kit": (("drop",), ("push", "--force")), "supabase": (("db", "reset"), ("migration", "down"),
    ("projects", "delete"), ("branches", "delete")), "sqitch": (("revert",), ("rebase",)),
    "mongorestore": (("--drop",),), "pg_dropcluster": ((),),
    "rails": (("db:drop",), ("db:reset",), ("db:schema:load",), ("db:migrate:reset",), ("db:rollback",),
    ("db:truncate_all",),
              ("db:purge",), ("db:seed:replant",)),
    "rake": (("db:drop",), ("db:reset",), ("db:schema:load",), ("db:migrate:reset",), ("db:rollback",),
    ("db:truncate_all",)),
    "alembic": (("downgrade",),), "flask": (("db", "downgrade"),), "dropdb": ((),), "dropuser": ((),),
    "knex": (("migrate:rollback",), ("migrate:down",)), "sequelize": (("db:drop",), ("db:migrate:undo",),
    ("db:migrate:undo:all",)),
    "sequelize-cli": (("db:drop",), ("db:migrate:undo",), ("db:migrate:undo:all",)),
    "typeorm": (("schema:drop",), ("migration:revert",), ("query",)), "flyway": (("clean",), ("undo",)),
    "liquibase": (("drop-all",), ("dropAll",), ("rollback",), ("rollback-count",)), "dbmate": (("drop",), ("down",),
    ("rollback",)),
    "goose": (("down",), ("reset",), ("down-to",)), "migrate": (("drop",), ("down",)), "sqlx": (("database", "drop"),
    ("database", "reset"),
              ("migrate", "revert")), "diesel": (("database", "reset"), ("migration", "revert"), ("migration", "redo")),
    "artisan": (("migrate:fresh",), ("migrate:reset",), ("migrate:refresh",), ("migrate:rollback",), ("db:wipe",)),
    "mix": (("ecto.drop",), ("ecto.reset",), ("ecto.rollback",)), "atlas": (("schema", "clean"), ("migrate", "down")),
    "mikro-orm": (("schema:drop",), ("schema:fresh",), ("migration:fresh",), ("migration:down",)),
    "hasura": (("migrate", "delete"),), "mysqladmin": (("drop",),),
    "aerich": (("downgrade",),), "ef": (("database", "drop"),), "edgedb": (("database", "drop"), ("database", "wipe")),
    "createdb": (), "django-admin": (("flush",), ("reset_db",), ("sqlflush",), ("migrate", "zero")),
    "manage.py": (("flush",), ("reset_db",)), "convex": (("import", "--replace"),), "neonctl": (("branches", "delete"),
    ("databases", "delete"), ("projects", "delete")),
    "pscale": (("database", "delete"), ("branch", "delete")), "gcloud": (("sql", "instances", "delete"), ("sql",
    "databases", "delete")),
    "heroku": (("pg:reset",), ("addons:destroy",)), "bq": (("rm",),), "turso": (("db", "destroy"),),
    "aws": (("dynamodb", "delete-table"), ("rds", "delete-db-instance"), ("rds", "delete-db-cluster"),
            ("redshift", "delete-cluster")),
    "wrangler": (("d1", "delete"),), "fly": (("postgres", "destroy"), ("mpg", "destroy")),
    "flyctl": (("postgres", "destroy"), ("mpg", "destroy")), "az": (("sql", "db", "delete"),),
    "wp": (("db", "reset"), ("db", "drop"), ("db", "clean")),
}  # fmt: skip
"""Program → the words with which it takes tables or whole databases away. The ways that only go forward aren't here."""


HOSTED: dict[str, tuple[tuple[str, ...], str]] = {
    "wrangler": (("d1", "execute"), "--command:sql --file:file"), "heroku": (("pg:psql",), "-c:sql --command:sql"),
    "aws": (("rds-data",), "--sql:sql"), "fly": (("postgres", "connect"), ""), "flyctl": (("postgres", "connect"), ""),
}  # fmt: skip
"""Program of a provider → the words behind which it takes SQL, and the options that do."""


def hosted(call: Call) -> None:
    """What a provider's program lets a database of its run, or takes away."""
    needed, options = HOSTED.get(call.name, ((), ""))
    given = [word.text for word in call.words]
    reset(call)
    if not needed or given[: len(needed)] != list(needed):
        return
    table = roles(options)
    found = False
    for name, value in parsed(call.words, table).options:
        if value is not None and table.get(name) in ("sql", "file"):
            found = True
            if table[name] == "sql":
                _text(call, value, f"{call.name} {' '.join(needed)}", {})
            else:
                _file(call, value, {})
    if not found:
        _stdin(call, {})


def reset(call: Call) -> bool:
    """Say it where a call takes a database away; whether it does."""
    given = [word.shown for word in call.words]
    for needed in RESETS.get(call.name, ()):
        at = iter(given)
        if all(word in at for word in needed):
            what = " ".join((call.name, *needed))
            call.sql(
                f"DROP DATABASE {what.replace('-', '_').replace(' ', '_').replace(':', '_').replace('.', '_')}", what
            )
            return True
    return False


def migrations(call: Call) -> Stream | None:
    """A tool of migrations."""
    if call.name in ("rails", "flask", "django-admin") and _runner(call):
        return None
    if call.name == "typeorm" and call.words and call.words[0].text == "query" and len(call.words) > 1:
        _text(call, call.words[1], "typeorm query", {})
        return None
    if call.name == "wp" and [word.text for word in call.words[:2]] == ["db", "query"]:
        for word in call.words[2:3]:
            _text(call, word, "wp db query", {})
        return None
    if not reset(call):
        from nightlatch.agent.shell.commands.credentials import show_described, shows

        via = shows(call)
        if via:
            show_described(call, via)
    return None


def _runner(call: Call) -> bool:
    """`rails runner 'code'`, `django-admin shell -c 'code'`, `rails dbconsole < file`."""
    from nightlatch.agent.shell.code import follow_code

    texts = [word.text for word in call.words]
    if texts[:1] == ["runner"] and len(call.words) > 1:
        follow_code(call, "ruby", call.words[1])
        return True
    if texts[:1] in (["dbshell"], ["dbconsole"], ["db"]):
        _stdin(call, {})
        for place, word in enumerate(call.words):
            if word.text in ("-c", "-e") and place + 1 < len(call.words):
                _text(call, call.words[place + 1], f"{call.name} {texts[0]}", {})
        return call.name != "flask"
    if texts[:1] == ["shell"] and "-c" in texts and texts.index("-c") + 1 < len(texts):
        follow_code(call, "python", call.words[texts.index("-c") + 1])
        return True
    return False


def django(call: Call, words: list[Word]) -> None:
    """`python manage.py …`."""
    migrations(call.named("django-admin", words))


def key_value(call: Call) -> Stream | None:
    """`redis-cli`, `valkey-cli`: FLUSHALL and FLUSHDB empty it, in a script too; of DEL the keys must be known."""
    arguments = parsed(call.words,
    roles("-h:value -p:value -a:value -u:value -n:value -s:value --user:value --pass:value "
                                         "-i:value -r:value --eval:read"))  # fmt: skip
    texts = [word.shown.upper() for word in arguments.operands]
    flowing = (call.stdin.shown or "").upper().split() if call.stdin is not None else []
    scripts = [call.file_text(word) or "" for word in arguments.values("--eval")]
    scripts += texts if texts[:1] == ["EVAL"] else flowing if "EVAL" in flowing else []
    for word in ("FLUSHALL", "FLUSHDB"):
        if word in (*texts[:1], *flowing) or any(word in text.upper() for text in scripts):
            call.sql(f"DROP DATABASE redis_{word.lower()}", f"{call.name} {word}")
    if texts[:1] in (["DEL"], ["UNLINK"]) and any(word.text is None and not word.prefix for word in arguments.operands):
        call.sql(None, f"{call.name} {texts[0]}")
    if call.stdin is not None:
        call.read_stdin()
    return None


def restore(call: Call) -> Stream | None:
    """`pg_restore`: what stands in an archive can't be seen; with `--clean` it takes away what is there."""
    arguments = parsed(call.words, roles(_PG_RESTORE))
    for word in arguments.operands:
        call.hand_over(word)
    for word in arguments.values("-f", "--file"):
        call.write(word)
    if arguments.has("-c", "--clean"):
        call.sql("DROP DATABASE pg_restore_clean", "pg_restore --clean")
    elif arguments.has("-d", "--dbname") and not arguments.has("-l", "--list"):
        call.sql(None, "pg_restore")
    return None


_PG_RESTORE = (
    "-d:value --dbname:value -f:value --file:value -F:value --format:value -I:value --index:value -j:value "
    "--jobs:value -L:read --use-list:read -n:value --schema:value -N:value --exclude-schema:value -P:value "
    "--function:value -S:value --superuser:value -t:value --table:value -T:value --trigger:value --section:value "
    "--role:value -h:value --host:value -p:value --port:value -U:value --username:value"
)


def mongo(call: Call) -> Stream | None:
    """`mongosh --eval 'db.dropDatabase()'`."""
    arguments = parsed(call.words,
    roles("--eval:value --file:value -f:value --host:value --port:value -u:value -p:value "
                                         "--username:value --password:value"))  # fmt: skip
    texts = [word.shown for word in arguments.values("--eval")]
    for word in arguments.values("-f", "--file"):
        call.hand_over(word)
        texts.append(call.file_text(word) or "")
    texts += [call.file_text(word) or "" for word in arguments.operands if (word.text or "").endswith(".js")]
    if call.stdin is not None:
        texts.append(call.stdin.shown or "")
    for text in texts:
        squeezed = "".join(text.split())
        for mark in ("dropDatabase(", ".drop(", ".deleteMany({})", ".remove({})", "dropUser(", ".dropIndexes("):
            if mark in squeezed:
                call.sql("DROP DATABASE " + "".join(c for c in mark if c.isalpha()), f"{call.name} {mark.rstrip('(')}")
    return None


def dump(call: Call) -> Stream | None:
    """`pg_dump`, `mysqldump`: read, and write where they are told to."""
    arguments = parsed(call.words,
    roles("-f:write --file:write -r:write --result-file:write -U:value -h:value -p:value -t:value "
                                         "-n:value -d:value -T:value -u:value"))  # fmt: skip
    for word in arguments.values("-f", "--file", "-r", "--result-file"):
        call.write(word)
    return None


def supabase(call: Call) -> Stream | None:
    """`supabase db reset`, `supabase db execute`."""
    texts = [word.text for word in call.words]
    if texts[:2] in (["db", "execute"], ["db", "query"]):
        arguments = parsed(call.words[2:], roles("-f:value --file:value --db-url:value"))
        for word in arguments.values("-f", "--file"):
            _file(call, word, {})
        for word in arguments.operands:
            _text(call, word, "supabase db execute", {})
    return migrations(call)


def _clickhouse(call: Call) -> Stream | None:
    if call.words and call.words[0].text in ("client", "local"):
        return client(call.named("clickhouse-client", call.words[1:]))
    return None


_ELSEWHERE = ("supabase", "gcloud", "heroku", "manage.py", "aws", "wrangler", "fly", "flyctl", "az", "bq", "turso")
"""Programs that another theme follows, or that are clients too."""

COMMANDS: dict[str, Usage] = {
    **{name: Usage(handler=client) for name in CLIENTS},
    **{name: Usage(handler=migrations) for name in RESETS if name not in _ELSEWHERE},
    "sqlite3": Usage(handler=embedded), "sqlite": Usage(handler=embedded), "duckdb": Usage(handler=embedded),
    "sqlcipher": Usage(handler=embedded), "prisma": Usage(handler=prisma), "supabase": Usage(handler=supabase),
    "redis-cli": Usage(handler=key_value), "valkey-cli": Usage(handler=key_value),
    "keydb-cli": Usage(handler=key_value),
    "mongosh": Usage(handler=mongo), "mongo": Usage(handler=mongo), "pg_dump": Usage(handler=dump),
    "pg_dumpall": Usage(handler=dump), "pg_restore": Usage(handler=restore),
    "mysqldump": Usage(handler=dump), "mariadb-dump": Usage(handler=dump),
    "clickhouse": Usage(handler=_clickhouse),
}  # fmt: skip
