"""Where a command writes: standard output and standard error, colour, width, broken pipes."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from skinflint.reports.paint import Paint

CLEAN, FOUND, COULD_NOT = 0, 1, 2
INTERRUPTED = 130  # what shells make of Ctrl-C

_COLUMNS = 100


class Output:
    """The two streams of a command. A reader that goes away early changes no exit code."""

    def write(self, text: str, *, error: bool = False) -> None:
        """Text to standard output (or error), whatever encoding it has."""
        if not text:
            return
        stream = sys.stderr if error else sys.stdout
        if stream is None:  # pythonw, or a closed descriptor
            return
        try:
            if error and sys.stdout is not None:
                sys.stdout.flush()  # so that both in one file stand in the order they were written
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        except BrokenPipeError:
            _silence(sys.stdout if error else stream)
            if error:
                stream.write(text)

    def write_bytes(self, data: bytes) -> None:
        """Bytes to standard output as they are: the text of a file keeps its encoding."""
        if sys.stdout is None:
            return
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        except BrokenPipeError:
            _silence(sys.stdout)

    def error(self, message: str) -> None:
        """One clear line on standard error: what went wrong and what to do."""
        self.write(f"error: {_one_line(message)}\n", error=True)

    def note(self, message: str) -> None:
        """One line on standard error that changes no exit code."""
        self.write(f"note: {_one_line(message)}\n", error=True)

    def paint(self, *, error: bool = False) -> Paint:
        """How to colour what goes to standard output (or error)."""
        from skinflint.reports.paint import coloured, plain, wants_colour

        return coloured() if wants_colour(_terminal(error), os.environ) else plain

    def columns(self) -> int:
        """The width to wrap at: the terminal's, 100 where there is none."""
        if not _terminal(False):
            return _COLUMNS
        from shutil import get_terminal_size

        return max(get_terminal_size((_COLUMNS, 24)).columns, 40)

    def close(self) -> bool:
        """Flush both streams; False if something was lost, other than to a reader that left."""
        whole = True
        for stream in (sys.stdout, sys.stderr):
            try:
                if stream is not None:
                    stream.flush()
            except BrokenPipeError:
                _silence(stream)
            except OSError as error:
                _silence(stream)
                self.error(f"the output could not be written: {error.strerror or error}")
                whole = False
        return whole


def _terminal(error: bool) -> bool:
    stream = sys.stderr if error else sys.stdout
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _one_line(message: str) -> str:
    from skinflint.reports.paint import clean

    return clean(" ".join(message.split("\n")))


def _silence(stream: IO[str]) -> None:
    """Let the rest of the output go nowhere, also what the interpreter flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
