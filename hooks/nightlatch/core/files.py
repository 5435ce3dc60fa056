"""One file as a hook sees it, and the reading of it: from the working tree, or from git's objects.

Text in any encoding is given to the hooks as bytes. What can't be read is *unchecked*, never passed over;
what holds no text, or stands elsewhere, is *skipped*, and both are said.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.core.rule import Rule
    from nightlatch.core.suppress import Note

MAX_BYTES = 100 * 1024 * 1024
"""The largest file that is read, as it is the largest that the big hosting services take."""

NO_OBJECT = "git can't read its object: a partial clone, or a damaged repository (see git fsck)"

LFS_HEAD = b"version https://git-lfs.github.com/spec/v1\n"
LFS_MOST_BYTES = 1024

FORMATS_WITHOUT_TEXT = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"wOFF",
    b"wOF2",
    b"OggS",
    b"ID3",
    b"fLaC",
    b"\x1aE\xdf\xa3",
    b"\x00\x00\x01\x00",
    b"\x00\x01\x00\x00\x00",
)
"""How compressed formats and media begin: PNG, JPEG, GIF, ZIP, gzip, bzip2, xz, zstd, 7z, RAR, WOFF,
Ogg, MP3, FLAC, Matroska, ICO, TrueType. Each holds NUL bytes early on; text that merely begins so does not."""


class Entry:
    """A file that is to be checked, before it is read.

    path    relative to the root, with `/`; bytes that are not UTF-8 as surrogate escapes
    object  the name of git's object in the index, or None where git doesn't track the file
    staged  True where the object is what is checked; else the working tree is, and the object only
            where the working tree lacks the file (deleted, or left out by a sparse checkout)
    is_link whether git has a symbolic link there, as far as its list was asked for that
    """

    __slots__ = ("is_link", "object", "path", "staged")

    def __init__(self, path: str, object: str | None = None, *, staged: bool = False, is_link: bool = False) -> None:
        self.path = path
        self.object = object
        self.staged = staged
        self.is_link = is_link


class Line:
    """One line of a file, with what findings in it share.

    start, end  its bounds in bytes, without the newline
    text        the line
    above       the line before it
    anchor      a hash of the line with every secret masked and without a trailing CR
    notes       rule → the note that allows it here, and what is wrong with one that doesn't
    """

    __slots__ = ("above", "anchor", "end", "notes", "start", "text")

    def __init__(self, start: int, end: int, text: bytes, above: bytes, anchor: str) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.above = above
        self.anchor = anchor
        self.notes: dict[str, tuple[Note | None, str]] = {}


class File:
    """A file that was read.

    path    as in `Entry`
    text    the content; UTF-16 and UTF-32 as UTF-8, so that a pattern over ASCII bytes meets it
    object  the name of git's object, where it was read from one in the history
    again   True for the second reading of the same file
    part    what of a commit it is where it is no file: its message, or a tag's
    """

    __slots__ = (
        "_column",
        "_known_line",
        "_known_offset",
        "_line",
        "_masked",
        "_ordinals",
        "again",
        "object",
        "part",
        "path",
        "text",
    )

    def __init__(self, path: str, text: bytes, *, object: str = "", part: str = "", again: bool = False) -> None:
        self.path = path
        self.again = again
        self.text = text
        self.object = object
        self.part = part
        self._known_offset = 0
        self._known_line = 1
        self._masked: list[tuple[int, int]] = []
        self._line: Line | None = None
        self._column = (0, 1)
        self._ordinals: dict[tuple[str, str], int] = {}

    def mask(self, spans: Iterable[tuple[int, int]]) -> None:
        """Name every secret's span before findings are made: no hash may hold one."""
        self._masked = sorted(spans)

    def line_number(self, offset: int) -> int:
        """The line of a byte, counted from 1. Cheap where offsets rise from call to call."""
        if offset < self._known_offset:
            self._known_offset, self._known_line = 0, 1
        self._known_line += self.text.count(b"\n", self._known_offset, offset)
        self._known_offset = offset
        return self._known_line

    def line_bounds(self, offset: int) -> tuple[int, int]:
        """Where the line of a byte starts and ends, without its newline."""
        end = self.text.find(b"\n", offset)
        return self.text.rfind(b"\n", 0, offset) + 1, len(self.text) if end < 0 else end

    def line(self, offset: int) -> Line:
        """The line of a byte. The last one is remembered: a line may be long and hold many findings."""
        if self._line is None or not self._line.start <= offset <= self._line.end:
            start, end = self.line_bounds(offset)
            above = self.text[slice(*self.line_bounds(start - 1))] if start else b""
            self._line = Line(start, end, self.text[start:end], above, self._anchor(start, end))
        return self._line

    def span(self, start: int, end: int) -> tuple[int, int, int, int]:
        """Line, column, end line and end column of the bytes from start up to end."""
        return (*self._position(start), *self._position(end))

    def finding(
        self,
        rule: Rule,
        start: int,
        end: int,
        message: str,
        *,
        severity: str | None = None,
        data: dict[str, object] | None = None,
        value: bytes | None = None,
    ) -> Finding:
        """A finding at the bytes from start up to end. A hook makes them in order of place.

        value  the secret that stands there, if it is one
        """
        from nightlatch.core.finding import Finding

        line = self.line(start)
        note, fault = self._note(rule, line)
        return Finding(
            rule,
            f"{message} ({fault})" if fault else message,
            path=self.path or None,
            span=self.span(start, end),
            severity=severity,
            anchor=line.anchor,
            ordinal=self._ordinal(rule.id, line.anchor),
            value=value,
            object=self.object,
            again=self.again,
            data={"in": self.part} | (data or {}) if self.part else data,
            note=note,
        )

    def _note(self, rule: Rule, line: Line) -> tuple[Note | None, str]:
        """The note that allows a rule in a line, or what is wrong with it; looked for once for each rule and line."""
        from nightlatch.core.suppress import hint, note_for

        if rule.id not in line.notes:
            note = note_for(rule.id, line.text, line.above, is_secret=rule.is_secret)
            if note:
                note.reason = self._masked_reason(note.reason)
            line.notes[rule.id] = (note, "" if note else hint(rule.id, line.text, line.above))
        return line.notes[rule.id]

    def _masked_reason(self, reason: str) -> str:
        """A note's reason without the secrets of this file: it may quote one."""
        for start, end in self._masked if reason else ():
            value = decoded(self.text[start:end])
            if value in reason:
                reason = reason.replace(value, "***")
        return reason

    def _ordinal(self, rule_id: str, anchor: str) -> int:
        key = (rule_id, anchor)
        self._ordinals[key] = self._ordinals.get(key, 0) + 1
        return self._ordinals[key]

    def _position(self, offset: int) -> tuple[int, int]:
        start = self.line(offset).start
        known, column = self._column
        if not start <= known <= offset:
            known, column = start, 1
        column += len(decoded(self.text[known:offset]))
        self._column = (offset, column)
        return self.line_number(offset), column

    def _anchor(self, start: int, end: int) -> str:
        from bisect import bisect_left
        from hashlib import sha256

        parts = []
        position = start
        index = bisect_left(self._masked, start, key=lambda span: span[1])
        while index < len(self._masked) and self._masked[index][0] < end:
            masked_start, masked_end = self._masked[index]
            index += 1
            parts.append(self.text[position : max(masked_start, position)])
            position = min(max(masked_end, position), end)
        parts.append(self.text[position:end])
        return sha256(_without_values(b"***".join(parts)).removesuffix(b"\r")).hexdigest()


def decoded(text: bytes) -> str:
    """Text as characters; each byte that is not UTF-8 counts as one."""
    return text.decode("utf-8", "surrogateescape")


def _without_values(line: bytes) -> bytes:
    """The line without what may be a secret that no rule has found: a hash of it could be guessed.

    Left out are quoted texts, the words that a found secret is a part of, and longer words with a digit.
    """
    import re

    quoted = rb"\"[^\"]*\"|'[^']*'|`[^`]*`"
    around = rb"(?<![^\s\"'`])[^\s\"'`]*\*\*\*[^\s\"'`]*"  # from a word's start alone: words may be long
    with_digit = rb"(?=[A-Za-z_+/=.@:$!-]{0,64}[0-9])[A-Za-z0-9_+/=.@:$!-]{6,}"
    return re.sub(quoted + b"|" + around + b"|" + with_digit, b"***", line)


class UnreadableError(Exception):
    """A file can't be checked; the text says why, without its path."""


def read_from_tree(path: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file, or the target of a symbolic link, as git stores it.

    path  where to read, as the system takes it. Never waits: a FIFO or a device is refused.
    Raises UnreadableError, and FileNotFoundError where there is nothing.
    """
    try:
        if stat.S_ISLNK(os.lstat(path).st_mode):
            return os.fsencode(os.readlink(path))
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise UnreadableError(_reason(error)) from None
    try:
        return _read_all(descriptor, limit)
    except OSError as error:
        raise UnreadableError(_reason(error)) from None
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, limit: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("not a regular file")
    if status.st_size > limit:
        raise UnreadableError(over_the_bound(status.st_size, limit))
    parts = []
    size = 0
    while part := os.read(descriptor, max(status.st_size - size, 0) + 4096):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise UnreadableError(over_the_bound(size, limit))
    return b"".join(parts)


def over_the_bound(size: int, limit: int) -> str:
    """Why a file of this size (in bytes) isn't read."""
    return f"larger than {limit // (1024 * 1024)} MiB ({size} bytes)"


def no_content(size: int, limit: int) -> str:
    """Why `Git.objects`, asked for at most `limit` bytes, gave no content: by the size, negative without an object."""
    return NO_OBJECT if size < 0 else over_the_bound(size, limit)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "unreadable").lower() if isinstance(error, OSError) else "a name that can't be opened"


def as_text(data: bytes) -> bytes:
    """The bytes that are searched: as they are, but UTF-16, UTF-32 and stray NULs brought to UTF-8.

    Files that mix encodings exist (a shell appends UTF-16 to an ASCII file), and one NUL byte must not
    hide what stands around it: where no encoding is certain, NULs become blanks.
    """
    if b"\0" not in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    encoding = _wide_encoding(data)
    text = _decoded_wide(data, encoding) if encoding else None
    return data.replace(b"\0", b" ") if text is None else text.encode("utf-8", "replace")


def readings(path: str, data: bytes, *, object: str = "") -> Iterator[File]:
    """The file, and where NULs leave its encoding open a second reading of it without them.

    A NUL may part two words, as in what `env -0` prints, or stand within one: what only the second reading
    shows counts, what both show is told once.
    """
    text = as_text(data)
    yield File(path, text, object=object)
    if b"\0" in data and len(text) == len(data):
        yield File(path, data.replace(b"\0", b""), object=object, again=True)


def _wide_encoding(data: bytes) -> str:
    """The wide encoding of a whole file, by its byte order mark or by where its NULs stand; or nothing."""
    for mark, encoding in (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return encoding
    if len(data) % 2:
        return ""
    even, odd = data[0::2].count(b"\0"), data[1::2].count(b"\0")
    half = len(data) // 2
    if not even and odd * 10 >= half * 9:
        return "utf-16-le"
    if not odd and even * 10 >= half * 9:
        return "utf-16-be"
    return ""


def _decoded_wide(data: bytes, encoding: str) -> str | None:
    """The text of a file that is wide from end to end, or None where a part of it is something else.

    Plain ASCII, or wide text that is shifted by a byte or turned round, would decode to other signs:
    U+2000, U+2100 and so on up to U+7E00 in a row are ASCII that was read the wrong way.
    """
    import re

    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    turned = "".join(chr(byte << 8) for byte in range(0x20, 0x7F))
    is_mixed = re.search(rb"[ -~]{16}", data) or re.search(f"[{turned}]{{8}}", text)
    return None if is_mixed else text


def skip_reason(data: bytes) -> str:
    """Why a file's content says nothing although it was read; empty where it does."""
    head = data[:1024]
    if head.startswith(FORMATS_WITHOUT_TEXT) and b"\0" in head:
        return "binary without text"
    if data.startswith(LFS_HEAD) and len(data) <= LFS_MOST_BYTES:
        return "LFS pointer: the content is elsewhere"
    return ""
