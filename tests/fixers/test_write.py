"""Writing: all files or none, and nothing of a file but its text changes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from skinflint.fixers.write import WriteError, write
from skinflint.linter.source import SourceFile, read


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def file(path: str, data: bytes) -> SourceFile:
    Path(path).write_bytes(data)
    return read(path)


def left_over(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(".skinflint")]


def test_encoding_mark_newlines_and_mode_stay(here: Path) -> None:
    source = file("a.py", b"\xef\xbb\xbfx = 1\r\ny = '\xc3\xa9'\r\n")
    os.chmod("a.py", 0o751)
    assert write({"a.py": (source, source.text.replace("1", "2"))}) == ("a.py",)
    assert Path("a.py").read_bytes() == b"\xef\xbb\xbfx = 2\r\ny = '\xc3\xa9'\r\n"
    assert stat.S_IMODE(os.stat("a.py").st_mode) == 0o751
    assert left_over(here) == []


def test_a_link_is_written_through(here: Path) -> None:
    os.mkdir("real")
    file("real/a.py", b"x = 1\n")
    os.symlink("real/a.py", "link.py")
    write({"link.py": (read("link.py"), "x = 2\n")})
    assert os.path.islink("link.py")
    assert Path("real/a.py").read_bytes() == b"x = 2\n"
    assert left_over(here / "real") == []


def test_a_file_changed_meanwhile_stops_all(here: Path) -> None:
    first, second = file("a.py", b"x = 1\n"), file("b.py", b"y = 1\n")
    Path("b.py").write_bytes(b"y = 7\n")
    with pytest.raises(WriteError, match=r"b\.py: was changed by something else") as caught:
        write({"a.py": (first, "x = 2\n"), "b.py": (second, "y = 2\n")})
    assert caught.value.path == "b.py"
    assert Path("a.py").read_bytes() == b"x = 1\n"
    assert Path("b.py").read_bytes() == b"y = 7\n"
    assert left_over(here) == []


def test_text_that_the_encoding_cannot_say_stops_all(here: Path) -> None:
    first = file("a.py", b"x = 1\n")
    second = file("b.py", b"# -*- coding: latin-1 -*-\ny = '\xe9'\n")
    with pytest.raises(WriteError, match=r"U\+20AC"):
        write({"a.py": (first, "x = 2\n"), "b.py": (second, second.text + "# \u20ac\n")})
    assert Path("a.py").read_bytes() == b"x = 1\n"
    assert left_over(here) == []


def test_a_failure_in_the_middle_is_undone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = file("a.py", b"x = 1\n"), file("b.py", b"y = 1\n")
    replace = os.replace

    def failing(source: str, target: str) -> None:
        if target.endswith("b.py"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(WriteError, match=r"b\.py: can't be written: No space left"):
        write({"a.py": (first, "x = 2\n"), "b.py": (second, "y = 2\n")})
    assert Path("a.py").read_bytes() == b"x = 1\n"
    assert Path("b.py").read_bytes() == b"y = 1\n"
    assert left_over(here) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_file_is_named(here: Path) -> None:
    source = file("a.py", b"x = 1\n")
    os.chmod("a.py", 0o444)
    with pytest.raises(WriteError, match="read-only"):
        write({"a.py": (source, "x = 2\n")})
