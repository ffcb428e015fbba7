"""Files on disk: all of a change or nothing of it, and never half a file."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence

from skinflint.linter.source import SourceError, SourceFile, read_bytes
from skinflint.records import dataclass


class WriteError(Exception):
    """A change that was not written; every file is as it was before. ``path`` is the culprit."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


@dataclass(frozen=True)
class _Ready:
    path: str
    target: str  # what a symlink leads to
    temporary: str
    before: bytes


def write(changes: Mapping[str, tuple[SourceFile, str]]) -> tuple[str, ...]:
    """Write new texts, given as path -> (the file as it was read, its new text).

    Encoding, byte-order mark, newlines and permissions stay. Returns the paths written, sorted.
    Raises WriteError, and then nothing has changed: not when a file can't be written, nor when one
    was changed by somebody else since it was read.
    """
    ready: list[_Ready] = []
    try:
        for path in sorted(changes):
            source, text = changes[path]
            ready.append(_prepare(path, source, text))
        for item in ready:
            _must_be_untouched(item.path, item.before)
        _replace(ready)
    finally:
        for item in ready:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(item.temporary)
    return tuple(item.path for item in ready)


def _prepare(path: str, source: SourceFile, text: str) -> _Ready:
    try:
        data = source.encode(text)
    except SourceError as error:
        raise WriteError(path, error.message) from None
    _must_be_untouched(path, source.data)
    target = os.path.realpath(path)
    temporary = ""
    try:
        temporary = _temporary(target, data, os.stat(target))
    except OSError as error:
        raise WriteError(path, f"can't be written: {error.strerror or error}") from None
    return _Ready(path, target, temporary, source.data)


def _temporary(target: str, data: bytes, status: os.stat_result) -> str:
    """A file beside ``target`` with its mode and owner and the new content, safely on the disk."""
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is read-only")
    handle, name = tempfile.mkstemp(prefix=".skinflint-", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, stat.S_IMODE(status.st_mode))
        if hasattr(os, "chown"):
            mine = os.stat(name)
            if (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
                os.chown(name, status.st_uid, status.st_gid)
    except BaseException:
        os.unlink(name)
        raise
    return name


def _must_be_untouched(path: str, before: bytes) -> None:
    try:
        now = read_bytes(path)
    except SourceError as error:
        raise WriteError(path, error.message) from None
    if now != before:
        raise WriteError(path, "was changed by something else meanwhile; run again")


def _replace(ready: Sequence[_Ready]) -> None:
    done: list[_Ready] = []
    try:
        for item in ready:
            os.replace(item.temporary, item.target)
            done.append(item)
    except OSError as error:
        _restore(done)
        raise WriteError(item.path, f"can't be written: {error.strerror or error}") from None
    for directory in sorted({os.path.dirname(item.target) for item in ready}):
        _sync(directory)


def _restore(done: Sequence[_Ready]) -> None:
    for item in done:
        temporary = _temporary(item.target, item.before, os.stat(item.target))
        os.replace(temporary, item.target)


def _sync(directory: str) -> None:
    """Make the renames of a directory last; not every file system can."""
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
