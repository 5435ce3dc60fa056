"""The enums and CHECKs of a live PostgreSQL: opt-in, read-only, and never waiting long.

The address is a URL (`postgresql://user:password@host:5432/database?sslmode=require`); what it lacks is taken as
PostgreSQL's own programs take it, the environment aside. No message holds its password.
"""

from __future__ import annotations

from nightlatch.core.errors import NightlatchError
from nightlatch.core.optional_package import how_to_add
from nightlatch.core.sql_lexer import SqlError, tokens
from nightlatch.enum_parity.catalog import Catalog, Check, Schema, Table, Type
from nightlatch.enum_parity.check_list import read_check
from nightlatch.enum_parity.database_enum import ENUM, DatabaseEnum, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from ssl import SSLContext
    from typing import Any
    from urllib.parse import SplitResult

    Row = Sequence[Any]

SECONDS = 10
"""How long a connection, or a query, may take."""

SECONDS_IN_ALL = 30
"""How long everything may take: a server that sends a few bytes now and then never runs into the limit above."""

USUAL_PORT = 5432

SOURCE = "live database"
SCHEMES = ("postgresql", "postgres")
OPTIONAL_TLS = "optional TLS"
"""Whether the connection may do without, as libpq's does: no setting of the driver's."""

_NO_CHECKING = ("require", "prefer", "allow")

SETTINGS = (
    "SET default_transaction_read_only = on",
    f"SET statement_timeout = '{SECONDS}s'",
    f"SET lock_timeout = '{SECONDS}s'",
    "SET search_path = pg_catalog",
)

_NOT_OF_EXTENSIONS = "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = {0}.oid AND d.deptype = 'e')"
_OWN_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
ENUMS = f"""
SELECT n.nspname, t.typname, e.enumlabel
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_enum e ON e.enumtypid = t.oid
WHERE t.typtype = 'e' AND {_OWN_SCHEMA} AND {_NOT_OF_EXTENSIONS.format("t")}
ORDER BY n.nspname, t.typname, e.enumsortorder"""  # noqa: S608 - parts of this module alone
CHECKS = f"""
SELECT n.nspname, r.relname, c.conname, pg_get_expr(c.conbin, c.conrelid),
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE c.contype = 'c' AND c.conislocal AND {_OWN_SCHEMA} AND {_NOT_OF_EXTENSIONS.format("r")}
ORDER BY n.nspname, r.relname, c.conname"""  # noqa: S608 - put together from our own texts
DOMAINS = f"""
SELECT n.nspname, t.typname, c.conname, pg_get_expr(c.conbin, 0), ARRAY[]::text[]
FROM pg_constraint c JOIN pg_type t ON t.oid = c.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE c.contype = 'c' AND {_OWN_SCHEMA} AND {_NOT_OF_EXTENSIONS.format("t")}
ORDER BY n.nspname, t.typname, c.conname"""  # noqa: S608 - put together from our own texts


class LiveError(NightlatchError):
    """The live database can't be asked."""


def live_enums(dsn: str) -> list[DatabaseEnum]:
    """Every list of labels that the database has, sorted by name. Raises LiveError."""
    from threading import Thread

    answer: list[list[DatabaseEnum] | LiveError] = []

    def ask() -> None:
        try:
            answer.append(_ask(dsn))
        except LiveError as error:
            answer.append(error)
        except Exception as error:  # noqa: BLE001 - said here, and not as a thread's traceback
            answer.append(LiveError(f"The database can't be asked: {type(error).__name__}.", _REMEDY))

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(SECONDS_IN_ALL)
    if not answer:
        raise LiveError(f"The database has not answered within {SECONDS_IN_ALL} seconds.", _REMEDY)
    if isinstance(answer[0], LiveError):
        raise answer[0]
    return answer[0]


def _ask(dsn: str) -> list[DatabaseEnum]:
    run, close = _connected(dsn)
    try:
        for setting in SETTINGS:
            run(setting)
        return _read(run)
    except Exception as error:  # noqa: BLE001 - the driver's, the socket's, and those of TLS
        raise LiveError(f"The database can't be asked: {_reason(error)}.", _REMEDY) from None
    finally:
        close()


_REMEDY = "Check that its user may read the system's catalog, or leave --dsn and NIGHTLATCH_DSN out."


def _connected(dsn: str) -> tuple[Callable[[str], Iterable[Row]], Callable[[], None]]:
    """A connection's `run` and `close`."""
    settings = connection_settings(dsn)
    try:
        from pg8000.native import Connection, InterfaceError
    except ImportError:
        raise LiveError(
            "A live PostgreSQL is to be compared, and the package that speaks to it isn't installed.",
            how_to_add("pg8000"),
        ) from None
    is_optional = settings.pop(OPTIONAL_TLS, False)
    where = f"{settings.get('host') or settings.get('unix_sock')}"
    try:
        try:
            connection = Connection(**settings, timeout=SECONDS, application_name="nightlatch")
        except InterfaceError as error:
            if not (is_optional and "refuses SSL" in str(error)):
                raise
            connection = Connection(**settings | {"ssl_context": None}, timeout=SECONDS, application_name="nightlatch")
    except Exception as error:  # noqa: BLE001 - as above
        what = f"No connection to the database at {where}: {_reason(error).rstrip('.')}."
        raise LiveError(what, "Check the address, the user and the database in --dsn or NIGHTLATCH_DSN.") from None
    return connection.run, connection.close


def _reason(error: Exception) -> str:
    """What went wrong, for people. The server's message is one of a dictionary's values; it never has a password."""
    if error.args and isinstance(error.args[0], dict):
        return str(error.args[0].get("M", "the server refused it"))
    said = str(error) or type(error).__name__
    if said in ("network error", "communication error"):
        return "no server answers there, or it ended the connection: it may know no such user or database"
    if isinstance(error.__cause__, OSError) and said.startswith("Can't create a connection"):
        return error.__cause__.strerror or "no server answers there"
    return said


def connection_settings(dsn: str) -> dict[str, Any]:
    """The URL's parts as the driver names them. Raises LiveError for what is no such URL."""
    from urllib.parse import parse_qs, unquote, urlsplit

    try:
        url = urlsplit(dsn)
        port = url.port
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        port = port or int(query.get("port") or USUAL_PORT)
    except ValueError:
        raise _no_url() from None
    is_cut = "@" in url.path or "@" in url.query or "@" in url.fragment  # a password's own sign ended the address
    if url.scheme not in SCHEMES or is_cut:
        raise _no_url()
    user = unquote(url.username or "") or query.get("user") or _own_user()
    settings: dict[str, Any] = {
        "user": user,
        "password": unquote(url.password) if url.password else query.get("password"),
        "database": unquote(url.path.removeprefix("/")) or query.get("dbname") or user,
    }
    settings.update(_address(url, query, port))
    return settings


def _no_url() -> LiveError:
    return LiveError(
        "The address of the database is no URL that PostgreSQL's programs would take.",
        "Write it as postgresql://user@host:5432/database?sslmode=require, in --dsn or NIGHTLATCH_DSN.",
    )


def _own_user() -> str:
    from getpass import getuser

    return getuser()


def _address(url: SplitResult, query: dict[str, str], port: int) -> dict[str, Any]:
    from urllib.parse import unquote

    host = unquote(url.hostname or "") or query.get("host") or "localhost"
    if host.startswith("/"):
        return {"unix_sock": f"{host}/.s.PGSQL.{port}"}
    mode = query.get("sslmode", "prefer")
    return {"host": host, "port": port, "ssl_context": _ssl(mode, host), OPTIONAL_TLS: mode in ("prefer", "allow")}


def _ssl(mode: str, host: str) -> SSLContext | None:
    """`verify-full` and `verify-ca` check the certificate; `require` and `prefer` only encrypt, as libpq's do."""
    import ssl

    if mode == "disable" or (mode in ("prefer", "allow") and host in ("localhost", "127.0.0.1", "::1")):
        return None
    context = ssl.create_default_context()
    if mode in _NO_CHECKING:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif mode == "verify-ca":
        context.check_hostname = False
    return context


def _read(run: Callable[[str], Iterable[Row]]) -> list[DatabaseEnum]:
    catalog = Catalog()
    for schema, name, label in run(ENUMS):
        _add_label(catalog, str(schema), str(name), label)
    for row in run(CHECKS):
        table = _table(catalog, str(row[0]), str(row[1]))
        _add_check(table.checks, row, tuple(str(column) for column in row[4]))
    for row in run(DOMAINS):
        domain = _type(catalog, str(row[0]), str(row[1]), "domain")
        _add_check(domain.checks, row, ("value",))
    return catalog.enums(SOURCE)


def _schema(catalog: Catalog, name: str) -> Schema:
    return catalog.schemas.setdefault(name, Schema(name))


def _type(catalog: Catalog, schema: str, name: str, kind: str) -> Type:
    return _schema(catalog, schema).types.setdefault(name, Type(name, schema, kind, SOURCE, 0))


def _table(catalog: Catalog, schema: str, name: str) -> Table:
    return _schema(catalog, schema).tables.setdefault(name, Table(name, schema, SOURCE, 0))


def _add_label(catalog: Catalog, schema: str, name: str, label: object) -> None:
    """A row of the first query: a type's label, or a type that has none."""
    type_ = _type(catalog, schema, name, ENUM)
    if label is not None:
        type_.labels = (*type_.labels, Label(str(label), SOURCE, 0))


def _add_check(checks: dict[str, Check], row: Row, columns: tuple[str, ...]) -> None:
    try:
        condition = list(tokens(str(row[3])))
    except SqlError:
        return
    lists, doubt = read_check(condition, columns, lambda token: Label(token.value, SOURCE, 0))
    if columns == ("value",):
        lists = {"": labels for labels in lists.values()}  # noqa: B035 - there is one list at most
    name = str(row[2])
    checks[name] = Check(name, columns, lists, (SOURCE, 0), doubt)
