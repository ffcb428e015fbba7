"""CPU seconds per request as a project grows: they should not depend on its size.

    python benchmarks/growth.py PROJECT [--around DIR] [--sizes 1 2 4] [--runs N] [--assert]

PROJECT is a folder of real code with requests. Two trees grow: in one its Python files stand once,
twice and four times, each in a folder of its own below one root; in the other they stand once,
beside as many copies of the files of DIR (PROJECT itself where none is given). ``skinflint check``
reads each tree in a process of its own; what it takes on an empty folder is taken off, and of the
second tree what it takes to read the files around alone. With ``--assert`` the exit code is 1 when
a request costs more than a quarter more in the largest tree than in the smallest.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

#: How much more a request may cost in the largest tree.
BAR = 1.25


def copy(source: Path, target: Path) -> int:
    """Copy the Python files of a folder; says how many there were."""
    count = 0
    for file in sorted(source.rglob("*.py")):
        if not any(part.startswith(".") for part in file.relative_to(source).parts):
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
            count += 1
    return count


def plant(root: Path, folders: list[tuple[str, Path]]) -> int:
    """A tree with a copy of each folder under its name; says how many files it has."""
    root.mkdir()
    (root / "pyproject.toml").write_text("", encoding="utf-8")
    return sum(copy(source, root / name) for name, source in folders)


def cpu_seconds(root: Path, runs: int) -> float:
    """The median user and system time of ``skinflint check`` on a tree."""
    command = [sys.executable, "-m", "skinflint", "check", "--isolated", "--exit-zero", "."]
    taken = []
    for _ in range(runs):
        process = subprocess.Popen(
            command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        taken.append(usage.ru_utime + usage.ru_stime)
    return statistics.median(taken)


def requests_in(root: Path) -> int:
    """How many places in a tree send a request."""
    command = [sys.executable, "-m", "skinflint", "requests", "--isolated"]
    listed = subprocess.run(
        [*command, "--output-format", "json", "."], cwd=root, capture_output=True, check=False
    )
    return len(json.loads(listed.stdout)["requests"])


def main() -> int:
    """Grow the trees, print the table, and judge it if asked to."""
    parser = argparse.ArgumentParser(description="CPU seconds per request as a project grows.")
    parser.add_argument("project", type=Path)
    parser.add_argument("--around", type=Path, help="files to grow the second tree with")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--runs", type=int, default=1, help="runs of each (median)")
    parser.add_argument("--assert", dest="judge", action="store_true", help="exit 1 over the bar")
    options = parser.parse_args()
    around = options.around or options.project
    missed = False
    print(f"{'tree':24}{'files':>8}{'requests':>10}{'CPU':>9}{'per request':>13}")
    with tempfile.TemporaryDirectory(prefix="skinflint-growth-") as name:
        folder = Path(name)
        plant(folder / "empty", [])
        nothing = cpu_seconds(folder / "empty", options.runs)
        for kind in ("copies", "surroundings"):
            costs = []
            for size in options.sizes:
                own = size if kind == "copies" else 1
                copies = [(f"copy_{n}", options.project) for n in range(own)]
                beside = [(f"around_{n}", around) for n in range(size if kind != "copies" else 0)]
                root = folder / f"{kind}_{size}"
                files = plant(root, [*copies, *beside])
                count = requests_in(root)
                spent = cpu_seconds(root, options.runs) - nothing
                if beside:
                    alone = folder / f"alone_{size}"
                    plant(alone, beside)
                    count -= requests_in(alone)
                    spent -= cpu_seconds(alone, options.runs) - nothing
                    shutil.rmtree(alone)
                shutil.rmtree(root)
                costs.append(spent / max(count, 1))
                print(
                    f"{f'{kind} {size}x':24}{files:8,}{count:10,}{spent:9.2f}{costs[-1]:13.3f}",
                    flush=True,
                )
            ratio = costs[-1] / costs[0]
            missed = missed or ratio > BAR
            print(f"{kind}: {ratio:.2f}x {'ok' if ratio <= BAR else 'missed'} (bar {BAR}x)")
    return 1 if options.judge and missed else 0


if __name__ == "__main__":
    sys.exit(main())
