"""Fetches one file over HTTPS with the standard library: bounded in size and time, and only what was asked for.

The usual variables are heeded: HTTPS_PROXY and NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR for a certificate authority
of one's own.
"""

from __future__ import annotations

import base64
import errno
import http.client
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from nightlatch import __version__
from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    Told = Callable[[int, int], None]

MOST_BYTES = 4 * 1024 * 1024 * 1024
_CHUNK = 256 * 1024
_SILENCE = 30.0
"""Seconds without a byte after which a service counts as down."""

_DISK = (errno.ENOSPC, errno.EFBIG, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC))
"""The system's numbers for what is wrong with the file that is written, and not with the network."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PAGE = (b"<", b"\xef\xbb\xbf<")

AGAIN = "Try again, or name another source: nightlatch advisories update --source URL|PATH"


class DownloadError(NightlatchError):
    """A file could not be fetched."""

    def __init__(self, what: str, remedy: str = AGAIN) -> None:
        super().__init__(what, remedy)


def download(url: str, target: str, deadline: float, told: Told | None = None) -> None:
    """Write what is behind an address to a file. Raises DownloadError, also where it isn't there in time.

    A full disk is no fault of the service: what then is raised is the system's OSError.

    deadline  on the clock of `time.monotonic`
    told      is told of (bytes, all bytes)
    """
    _check(url)
    failure: list[Exception] = []

    def work() -> None:
        try:
            _fetch(url, target, told)
        except Exception as error:  # noqa: BLE001 - it is raised again, where somebody waits for it
            failure.append(error)

    # No time-out of a socket bounds the whole: looking up a name can hang, and so can a byte now and then.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(max(0.0, deadline - time.monotonic()))
    if thread.is_alive():
        raise DownloadError(f"{shown(url)} was too slow: it isn't there within the time limit.")
    if failure:
        raise _explained(url, failure[0])


def shown(url: str) -> str:
    """An address without the credentials that it may hold."""
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _check(url: str) -> None:
    """Refuse what could be read or changed on its way. Raises DownloadError."""
    try:
        parts = urllib.parse.urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    except ValueError:
        raise DownloadError("The source is no valid address.") from None
    if not is_safe or not parts.hostname:
        raise DownloadError(f"{shown(url)}: only https is fetched.", "Name an address that begins with https://")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirections, but not to where the answer could be changed on its way."""

    def redirect_request(  # noqa: PLR0917 - urllib's own signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        try:
            _check(newurl)
        except DownloadError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetch(url: str, target: str, told: Told | None) -> None:
    opener = urllib.request.build_opener(_Redirects, urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    with opener.open(_request(url), timeout=_SILENCE) as answer, open(target, "wb") as output:
        size = int(answer.headers.get("Content-Length") or 0)
        done = 0
        while chunk := answer.read1(_CHUNK):
            if not done and chunk.lstrip().startswith(_PAGE):
                raise DownloadError(
                    f"{shown(url)} answered with a web page, not with data.",
                    "A proxy or a login may stand between. Open the address in a browser, or name another --source.",
                )
            done += len(chunk)
            if done > MOST_BYTES:
                raise DownloadError(f"{shown(url)} is larger than {MOST_BYTES >> 30} GB.")
            output.write(chunk)
            if told:
                told(done, size)
    if not done:
        raise DownloadError(f"{shown(url)} answered with nothing.")
    if size and done != size:
        raise DownloadError(f"{shown(url)} broke off after {done} of {size} bytes.")


def _request(url: str) -> urllib.request.Request:
    """The request, with the credentials of the address in its head: not sent on to where it is redirected."""
    parts = urllib.parse.urlsplit(url)
    credentials, _, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        urllib.parse.urlunsplit((parts.scheme, host, parts.path, parts.query, "")),
        headers={"User-Agent": f"nightlatch/{__version__}"},
    )
    if credentials:
        plain = urllib.parse.unquote(credentials).encode()
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(plain).decode())
    return request


def _explained(url: str, error: Exception) -> Exception:
    """The error in words. What nobody foresaw stays as it is."""
    if isinstance(error, NightlatchError) or getattr(error, "errno", None) in _DISK:
        return error
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return DownloadError(f"{shown(url)} answered {error.code} {error.reason}.")
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return DownloadError(
            f"The certificate of {shown(url)} can't be verified.",
            "For a certificate authority of your own, set SSL_CERT_FILE to its file.",
        )
    if isinstance(cause, TimeoutError):
        return DownloadError(f"{shown(url)} doesn't answer.")
    if isinstance(error, OSError | http.client.HTTPException | ValueError):
        reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        return DownloadError(f"{shown(url)} can't be fetched: {reason[:1].lower()}{reason[1:]}.")
    return error
