"""What was worked out of files, kept in a file beside the index, so that the next start need not work it out again.

A value is known by a digest of all that it was made from, the code included. A file that is damaged, stale or
of other code counts as not there, and one that cannot be written is not: nothing but time depends on it. It is
JSON, so reading it runs nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, BinaryIO

_FORMAT = 1
_SEAL = b',"crc32":'  # last in the file: a flipped byte in a text would still be JSON


class Kept:
    """The values in one file, each under a name; a newer value of a name takes the place of the older."""

    def __init__(self, path: Path, code: str) -> None:
        """`code` is a digest of the code that makes the values."""
        self._path = path
        self._code = code
        self._changed = False
        self._values: dict[str, list[Any]] | None = _read(path, code)

    def recall(self, name: str, sources: Iterable[str], make: Callable[[], Any]) -> Any:
        """Return what `make` makes of `sources`: as it was kept, or made now."""
        if self._values is None:
            return make()
        digest = hashlib.sha256()
        for source in sources:
            data = source.encode("utf-8", "surrogatepass")
            digest.update(b"%d:" % len(data))
            digest.update(data)
        key = digest.hexdigest()
        found = self._values.get(name)
        if found is not None and found[0] == key:
            return found[1]
        value = make()
        self._changed = True
        self._values[name] = [key, value]
        return value

    def save(self) -> None:
        """Write the file anew if a value was made."""
        if self._values is None or not self._changed:
            return
        self._changed = False
        kept = {name: one for name, one in dict(self._values).items() if _is_plain(one)}  # others may add
        text = json.dumps({"format": _FORMAT, "code": self._code, "values": kept}, separators=(",", ":"))
        write_whole(self._path, lambda file: file.write(seal(text.encode("ascii"))))

    def close(self) -> None:
        """Save, and let go of the values; from now on nothing is recalled."""
        self.save()
        self._values = None


_current: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextlib.contextmanager
def keeping(kept: Kept) -> Iterator[None]:
    """Let `recall` use `kept` inside the block, and save it where the block ends well."""
    token = _current.set(kept)
    try:
        yield
    finally:
        _current.reset(token)
    kept.save()


def recall(name: str, sources: Iterable[str], make: Callable[[], Any]) -> Any:
    """Return what `make` makes of `sources`, kept under `name` where something is being kept.

    It must be plain data of dicts, lists, texts and numbers, which nobody changes; other data is never kept.
    """
    kept = _current.get()
    return make() if kept is None else kept.recall(name, sources, make)


class Later(Sequence[str]):
    """Texts that are worked out when one of them is first looked at; how many there are is known before."""

    def __init__(self, size: int, make: Callable[[], Sequence[str]]) -> None:
        self._size = size
        self._make: Callable[[], Sequence[str]] | None = make
        self._texts: Sequence[str] = ()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: Any) -> Any:
        return self._all()[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def _all(self) -> Sequence[str]:
        with self._lock:
            if self._make is not None:
                self._texts, self._make = self._make(), None
            return self._texts


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a file and put it in the place of `path`; what cannot be written is made again next time."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            write(file)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def seal(text: bytes) -> bytes:
    """Return a JSON object with its checksum as the last key."""
    return text[:-1] + _SEAL + str(zlib.crc32(text)).encode("ascii") + b"}"


def unseal(data: bytes) -> bytes:
    """Return the object without its checksum; ValueError if they do not fit."""
    text, _, check = data.rpartition(_SEAL)
    text += b"}"
    if check != str(zlib.crc32(text)).encode("ascii") + b"}":
        raise ValueError("the checksum does not fit")
    return text


def _read(path: Path, code: str) -> dict[str, list[Any]]:
    try:
        data = json.loads(unseal(path.read_bytes()))
        if data["format"] != _FORMAT or data["code"] != code:
            return {}
        return {str(name): [str(key), value] for name, (key, value) in data["values"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _is_plain(value: Any) -> bool:
    """Whether a value comes back from JSON as it was."""
    try:
        return bool(json.loads(json.dumps(value)) == value)
    except (TypeError, ValueError, RecursionError):
        return False
