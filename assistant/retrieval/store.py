"""The index folder: versions beside each other, a pointer to the one that serves, and proof they are whole.

    <path>/current            the name of the version that serves; replaced atomically
    <path>/v-<key>-<random>/  manifest.json and the files it lists; never changed once published
    <path>/staging-<key>/     a build under way, taken up again after a kill
    <path>/.lock              held by the process that builds; the system frees it if that process dies

Killed at any moment, a build leaves `current` as it was. No file is a pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import PassageIndexError
from assistant.retrieval.lexical import TOKENIZER_VERSION
from assistant.retrieval.models import write_json
from assistant.retrieval.passages import CHUNKER_VERSION

FORMAT = f"1.{CHUNKER_VERSION}.{TOKENIZER_VERSION}"
_VERSION_NAME = re.compile(r"v-[0-9a-f]{16}-[0-9a-f]{8}")
_CHUNK_BYTES = 1 << 20
_KEPT_VERSIONS = 2  # the one that serves, and the one before: a running process may still read it


TEXTS = "texts.json"
VECTORS = "vectors.npy"


class StoreFailedError(Exception):
    """Chroma failed to keep the passages on disk. Never leaves this package."""


class DamagedStoreError(Exception):
    """A published version is not whole; its text says what is wrong. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version holds. `texts_key` is of the texts; `embedder` is "" without vectors.

    `files` maps each file to [bytes, crc32]; `server` is the address that keeps the vectors, or "".
    """

    texts_key: str
    embedder: str
    size: int
    dimensions: int
    server: str = ""
    format: str = FORMAT
    files: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Hash of all that decides the content of a version."""
        parts = (self.format, self.texts_key, self.embedder, self.server)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def collection(self) -> str:
        """Name of the server's collection, by its content: processes with other texts never mix."""
        return f"passages-{self.key[:32]}"


def texts_key(texts: Sequence[str], metadatas: Sequence[Mapping[str, Any]] | None = None) -> str:
    """Hash texts (and their metadata) so that any change, move or other division gives another key."""
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    if metadatas is not None:
        digest.update(json.dumps([dict(item) for item in metadatas], sort_keys=True, default=str).encode())
    return digest.hexdigest()


class IndexFolder:
    """One index folder on disk. Methods raise OSError where the folder cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()

    def current(self) -> Path | None:
        """Return the folder of the version that serves, None if there is none; DamagedStoreError."""
        pointer = self.path / "current"
        try:
            name = pointer.read_text("ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise DamagedStoreError(f"{pointer} cannot be read ({error})") from error
        if not _VERSION_NAME.fullmatch(name) or not (self.path / name).is_dir():
            raise DamagedStoreError(f"{pointer} points nowhere")
        return self.path / name

    @contextmanager
    def lock(self, timeout_s: float) -> Iterator[None]:
        """Hold the folder's lock; PassageIndexError if another process keeps it longer than `timeout_s`."""
        from filelock import FileLock, Timeout

        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=timeout_s)
        except Timeout:
            raise PassageIndexError(
                f"Another process has been building the index in {self.path} for over {timeout_s:.0f} s. "
                "Wait for it or end it, then try again."
            ) from None
        try:
            yield
        finally:
            lock.release()

    def staging(self, manifest: Manifest) -> Path:
        """Return the folder of a build under way, made if it is new. Call it with the lock held."""
        folder = self.path / f"staging-{manifest.key[:16]}"
        for other in self.path.glob("staging-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        return folder

    def publish(self, staging: Path, manifest: Manifest) -> Path:
        """Seal a finished build and point `current` to it. Call it with the lock held."""
        files = {}
        for path in sorted(item for item in staging.rglob("*") if item.is_file()):
            _sync(path)
            files[path.relative_to(staging).as_posix()] = _measure(path)
        write_json(staging / "manifest.json", {**asdict(manifest), "files": files})
        _sync(staging)
        version = self.path / f"v-{manifest.key[:16]}-{secrets.token_hex(4)}"
        staging.rename(version)
        temporary = self.path / f".current-{secrets.token_hex(4)}"
        with temporary.open("w", encoding="ascii") as file:
            file.write(version.name)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path / "current")
        _sync(self.path)
        self._remove_old(version)
        return version

    def _remove_old(self, serving: Path) -> None:
        others = [item for item in self.path.glob("v-*") if item != serving]
        others.sort(key=lambda item: item.stat().st_mtime_ns, reverse=True)
        for folder in others[_KEPT_VERSIONS - 1 :]:
            shutil.rmtree(folder, ignore_errors=True)
        for leftover in self.path.glob(".current-*"):
            leftover.unlink(missing_ok=True)


def read_manifest(version: Path) -> Manifest:
    """Read a version's manifest and check every file against it; DamagedStoreError says what is wrong."""
    try:
        values = json.loads((version / "manifest.json").read_text("ascii"))
        manifest = Manifest(**values)
        listed = {str(name): (int(size), int(crc)) for name, (size, crc) in manifest.files.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DamagedStoreError(f"its manifest cannot be read ({error})") from error
    if manifest.format != FORMAT:
        raise DamagedStoreError("it was written by another version of this program")
    for name, expected in listed.items():
        if name.startswith("chroma/"):
            continue
        try:
            found = _measure(version / name)
        except OSError as error:
            raise DamagedStoreError(f"{name} cannot be read ({error})") from error
        if tuple(found) != expected:
            raise DamagedStoreError(f"{name} is not what was written")
    _check_chroma(version, listed)
    return manifest


def _check_chroma(version: Path, listed: Mapping[str, tuple[int, int]]) -> None:
    """Chroma changes its own files when it opens them, so they are only checked for being whole."""
    if not any(name.startswith("chroma/") for name in listed):
        return
    database = version / "chroma" / "chroma.sqlite3"
    try:
        with database.open("rb") as file:
            header = file.read(100)
        size = database.stat().st_size
    except OSError as error:
        raise DamagedStoreError(f"the Chroma store cannot be read ({error})") from error
    page_bytes = int.from_bytes(header[16:18], "big")
    page_bytes = 65536 if page_bytes == 1 else page_bytes
    pages = int.from_bytes(header[28:32], "big")
    if not header.startswith(b"SQLite format 3\0") or size < page_bytes * pages:
        raise DamagedStoreError("the Chroma store is damaged")
    if size < _CHUNK_BYTES * 64 and tuple(_measure(database)) != listed.get("chroma/chroma.sqlite3"):
        _check_database(database)


def _check_database(database: Path) -> None:
    """A database that was opened since: ask SQLite itself whether its pages make sense."""
    import sqlite3

    try:
        connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise DamagedStoreError(f"the Chroma store is damaged ({error})") from error
    if answer != ("ok",):
        raise DamagedStoreError("the Chroma store is damaged")


def _measure(path: Path) -> list[int]:
    """Return [bytes, crc32]: the check is against accidents, and crc32 is the fastest for large files."""
    crc = size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
    return [size, crc]


def _sync(path: Path) -> None:
    """Force a file, or a folder's names, to the disk."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:  # a folder cannot be opened on Windows
        return
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(descriptor)
