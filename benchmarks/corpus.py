"""Where the code lies that a table names: packages by version, repositories by commit.

A source is ``pypi name==version`` (a wheel, fetched by ``pip download --no-deps`` into the folder
of packages and unpacked to ``name-version`` unless that is there) or ``github owner/name@commit``
(a directory ``owner+name@commit`` in the folder of repositories, which is not fetched). An unpacked
wheel gets an empty ``.git`` directory: that is where its project ends.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

Each = TypeVar("Each")


def rows_of(table: Path, row: Callable[[Mapping[str, str]], Each]) -> list[Each]:
    """The rows of a tab-separated table whose first line names its columns."""
    with table.open(encoding="utf-8", newline="") as file:
        return [row(each) for each in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that say where the sources are, and which of them to look at."""
    parser.add_argument("--repositories", type=Path, help="folder of owner+name@commit")
    parser.add_argument("--packages", type=Path, help="folder of name-version; filled as needed")
    parser.add_argument("--only", default="", help="only sources with this text in their name")


def located(sources: Iterable[str], arguments: argparse.Namespace) -> list[tuple[str, Path | None]]:
    """Each source once, with its directory; None for one that is not here."""
    return [
        (source, directory_of(source, arguments.repositories, arguments.packages))
        for source in dict.fromkeys(sources)
        if arguments.only in source
    ]


def directory_of(source: str, repositories: Path | None, packages: Path | None) -> Path | None:
    kind, _, name = source.partition(" ")
    if kind == "pypi":
        return package(name, packages.resolve()) if packages is not None else None
    found = repositories / name.replace("/", "+") if repositories is not None else None
    return found.resolve() if found is not None and found.is_dir() else None


def package(pinned: str, packages: Path) -> Path | None:
    """The unpacked wheel of ``name==version``; fetched where it is not there yet."""
    name, _, version = pinned.partition("==")
    stems = [f"{name}-{version}", f"{re.sub(r'[-_.]+', '_', name)}-{version}"]
    for stem in stems:
        if (packages / stem).is_dir():
            return packages / stem
    wheels = packages / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    # what it needs to run is of no matter: it is only read
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(wheels)]
    command += ["--ignore-requires-python", "--only-binary", ":all:", pinned]
    done = subprocess.run(command, check=False)
    found = sorted(wheels.glob(f"{stems[1]}-*.whl"))
    if done.returncode or not found:
        return None
    with zipfile.ZipFile(found[0]) as archive:
        archive.extractall(packages / stems[1])
    (packages / stems[1] / ".git").mkdir(exist_ok=True)
    return packages / stems[1]
