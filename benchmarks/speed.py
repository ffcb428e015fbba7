"""CPU seconds of whole processes, and their ratios in one run.

    python benchmarks/speed.py [--runs N] [--tree-runs N] [--files N] [--assert]

Measures ``skinflint check`` on three clean files of 300 lines (once without any request, once with
a right one in each) against ``python -c "import click, ast"``, and on a synthetic tree of 10,000
files, 2 % of them with a request, against ``ruff check --select F`` on the same tree. The medians
of several runs are compared; the commands take turns, so that a busy machine slows all of them.
With ``--assert`` the exit code is 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

REQUEST_SHARE = 0.02
#: files that contain a needle of the prefilter and yet send nothing
DECOY_SHARE = 0.01

FUNCTION = '''\
def {verb}_{noun}({noun}s: list[{kind}], limit: int = {number}) -> dict[str, {kind}]:
    """Collect what {verb} needs to know about each {noun}, up to ``limit`` of them."""
    found: dict[str, {kind}] = {{}}
    for index, {noun} in enumerate({noun}s):
        if index >= limit:
            logger.debug("%s: stopped after %d", "{verb}", index)
            break
        key = f"{noun}-{{index:04}}"
        if key in found and found[key] != {noun}:
            raise ValueError(f"two different {noun}s under {{key!r}}")
        found[key] = {noun}
    return found


'''

CLASS = '''\
class {Noun}{Verb}er:
    """Keeps {noun}s until somebody asks for them."""

    def __init__(self, root: Path, size: int = {number}) -> None:
        self.root = root
        self.size = size
        self.{noun}s: list[str] = []

    def {verb}(self, {noun}: str, *, force: bool = False) -> bool:
        # A {noun} that is already here is only taken again when somebody insists.
        if {noun} in self.{noun}s and not force:
            return False
        self.{noun}s.append({noun})
        if len(self.{noun}s) > self.size:
            self.{noun}s = self.{noun}s[-self.size :]
        return True

    def path_of(self, {noun}: str) -> Path:
        """Where a {noun} is written to."""
        name = re.sub(r"[^a-z0-9]+", "-", {noun}.lower()).strip("-")
        return self.root / "{noun}s" / f"{{name or 'unnamed'}}.json"

    def write(self) -> int:
        """Write all {noun}s and say how many there were."""
        for {noun} in self.{noun}s:
            target = self.path_of({noun})
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps({{"{noun}": {noun}, "size": self.size}}))
        return len(self.{noun}s)


'''

TABLE = """\
{NOUN}_{VERB}_LIMITS = {{
    "{noun}": {number},
    "{verb}": ({number}, {number} + 1),
    "both": [{number}, "{noun} and {verb}", None],
}}

"""

HEADER = '''\
"""How {noun}s are kept and what {verb} does with them."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
{imports}
logger = logging.getLogger(__name__)
{client}

'''

REQUEST = '''\
INSTRUCTIONS_{number} = "You answer questions about {noun}s. Be brief. " * 200


def ask_about_{noun}(question: str, notes: list[str]) -> str:
    """One question about {noun}s, with the notes that belong to it."""
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1024,
        system=[
            {{
                "type": "text",
                "text": INSTRUCTIONS_{number},
                "cache_control": {{"type": "ephemeral"}},
            }}
        ],
        messages=[
            {{"role": "user", "content": f"Notes: {{', '.join(sorted(notes))}}. {{question}}"}}
        ],
    )
    return "".join(block.text for block in reply.content if block.type == "text")


'''

DECOY = '''\
class {Noun}Mail:
    """What was said about a {noun}."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def say(self, text: str) -> int:
        """Add one message and return how many there are."""
        self.messages.append(text)
        return len(self.messages)


'''

NOUNS = [
    "account",
    "batch",
    "chapter",
    "drawer",
    "engine",
    "folder",
    "garden",
    "harbour",
    "invoice",
    "journal",
    "kettle",
]
VERBS = [
    "archive",
    "bind",
    "collect",
    "deliver",
    "examine",
    "fetch",
    "gather",
    "handle",
    "index",
    "join",
    "load",
    "mark",
]


def module(seed: int, lines: int, request: bool = False, decoy: bool = False) -> str:
    """The text of a module of about ``lines`` lines; the same for the same arguments."""
    rng = random.Random(seed)
    used: set[tuple[str, str]] = set()

    def words() -> dict[str, str]:
        while True:
            noun, verb = rng.choice(NOUNS), rng.choice(VERBS)
            if (noun, verb) not in used:
                break
        used.add((noun, verb))
        return {
            "noun": noun,
            "verb": verb,
            "Noun": noun.title(),
            "Verb": verb.title(),
            "NOUN": noun.upper(),
            "VERB": verb.upper(),
            "number": str(rng.randrange(10, 1000)),
            "kind": rng.choice(["str", "int", "Path", "bytes"]),
        }

    first = words()
    imports = "\nimport anthropic\n" if request else ""
    client = "client = anthropic.Anthropic()\n" if request else ""
    # Whatever else is drawn, the class uses the imports of the header.
    parts = [HEADER.format(imports=imports, client=client, **first), CLASS.format(**first)]
    if request:
        parts.append(REQUEST.format(**words()))
    if decoy:
        parts.append(DECOY.format(**words()))
    count = sum(part.count("\n") for part in parts)
    while True:
        part = rng.choice([FUNCTION, FUNCTION, FUNCTION, CLASS, TABLE]).format(**words())
        count += part.count("\n")
        if count > lines:
            break
        parts.append(part)
    kept = "".join(parts).rstrip("\n") + "\n"
    return kept + "# end of module\n" * (lines - kept.count("\n"))


def plant(folder: Path, files: int) -> tuple[int, int]:
    """Write the synthetic tree and return its number of lines and bytes."""
    total_lines = total_bytes = 0
    rng = random.Random(files)
    for number in range(files):
        package = folder / f"package_{number // 500:02}" / f"part_{number // 50 % 10}"
        if number % 50 == 0:
            package.mkdir(parents=True)
        # A long tail, as real projects have: a median of about 180 lines, a mean of about 260.
        lines = min(1500, max(30, int(rng.lognormvariate(5.2, 0.85))))
        draw = rng.random()
        text = module(
            number,
            lines,
            request=draw < REQUEST_SHARE,
            decoy=REQUEST_SHARE <= draw < REQUEST_SHARE + DECOY_SHARE,
        )
        (package / f"module_{number:05}.py").write_text(text, encoding="utf-8")
        total_lines += text.count("\n")
        total_bytes += len(text)
    return total_lines, total_bytes


def environment(folder: Path) -> dict[str, str]:
    """As it is for an installed program: bytecode is written once, and read from then on."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def cpu_seconds(command: Sequence[str], cwd: Path) -> float:
    """User and system time of one run of ``command`` and of all it started.

    Raises:
        SystemExit: the command did not exit with 0; nothing clean was measured then.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=environment(cwd), stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            text = output.read(2000).decode(errors="replace")
            raise SystemExit(f"{' '.join(command[:6])} exited with {process.returncode}:\n{text}")
    return usage.ru_utime + usage.ru_stime


class Row(NamedTuple):
    """One comparison: medians in CPU seconds, and the ratio that may not be exceeded."""

    name: str
    ours: float
    theirs: float
    bar: float

    @property
    def ratio(self) -> float:
        """Our CPU time over theirs."""
        return self.ours / self.theirs


def compare(
    cwd: Path, runs: int, ours: Sequence[Sequence[str]], theirs: Sequence[str]
) -> tuple[list[float], float]:
    """Medians of each of ``ours`` and of ``theirs`` over ``runs`` turns, after one to warm up."""
    commands = [*ours, theirs]
    times: list[list[float]] = [[] for _ in commands]
    for turn in range(runs + 1):
        for index, command in enumerate(commands):
            seconds = cpu_seconds(command, cwd)
            if turn:
                times[index].append(seconds)
    medians = [statistics.median(series) for series in times]
    return medians[:-1], medians[-1]


def measure(folder: Path, runs: int, tree_runs: int, files: int) -> list[Row]:
    """All comparisons, in a scratch folder."""
    check = [sys.executable, "-m", "skinflint", "check", "--output-format", "concise"]
    start = [sys.executable, "-c", "import click, ast"]
    ruff = [sys.executable, "-m", "ruff", "check", "--select", "F", "--no-cache", "--isolated"]
    variants: list[list[str]] = []
    for name, request in (("plain", False), ("request", True)):
        (folder / name).mkdir()
        for number in range(3):
            text = module(number, 300, request=request)
            (folder / name / f"file_{number}.py").write_text(text, encoding="utf-8")
        variants.append([f"{name}/file_{number}.py" for number in range(3)])
    small, base = compare(folder, runs, [[*check, *paths] for paths in variants], start)
    rows = [
        Row("3 clean files without a request / import click, ast", small[0], base, 2.0),
        Row("3 clean files with a request each / import click, ast", small[1], base, 2.0),
    ]
    if files:
        lines, size = plant(folder / "tree", files)
        print(
            f"tree: {files:,} files, {lines / files:.0f} lines and {size / files / 1000:.1f} kB"
            " on average"
        )
        large, ruffs = compare(folder, tree_runs, [[*check, "tree"]], [*ruff, "tree"])
        rows.append(Row(f"{files:,} files / ruff check --select F", large[0], ruffs, 1.0))
    return rows


def main() -> int:
    """Measure, print the table, and judge it if asked to."""
    parser = argparse.ArgumentParser(description="CPU seconds of skinflint check, as ratios.")
    parser.add_argument("--runs", type=int, default=9, help="runs on three files (median)")
    parser.add_argument("--tree-runs", type=int, default=3, help="runs on the tree (median)")
    parser.add_argument("--files", type=int, default=10_000, help="files of the tree, 0 for none")
    parser.add_argument("--assert", dest="judge", action="store_true", help="exit 1 over a bar")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="skinflint-speed-") as name:
        rows = measure(Path(name), options.runs, options.tree_runs, options.files)
    width = max(len(row.name) for row in rows)
    print(f"{'CPU seconds':{width}}  {'ours':>7}  {'theirs':>7}  {'ratio':>6}  {'bar':>5}")
    for row in rows:
        verdict = "ok" if row.ratio <= row.bar else "missed"
        print(
            f"{row.name:{width}}  {row.ours:7.3f}  {row.theirs:7.3f}  {row.ratio:5.2f}x"
            f"  {row.bar:4.1f}x  {verdict}"
        )
    missed = any(row.ratio > row.bar for row in rows)
    return 1 if options.judge and missed else 0


if __name__ == "__main__":
    sys.exit(main())
