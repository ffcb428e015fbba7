"""Programs that a workflow of the repository, or a crontab, starts at its hour.

Once a week or more seldom: only where all schedules of the repository are that seldom, and none of
its programs but those they start takes the module in hand.
"""

from __future__ import annotations

import os
import re

from skinflint.linter.module import Module
from skinflint.linter.project import Project, is_test
from skinflint.linter.tree import Tree

#: Where GitHub looks for workflows.
_WORKFLOWS = f".github{os.sep}workflows{os.sep}"
#: The five fields of a schedule; the third is the day of the month, the fifth that of the week.
_CRON = re.compile(
    rb"""^\s*-?\s*cron:\s*["']?(\S+) (\S+) (\S+) (\S+) (\S+?)["']?\s*(?:#.*)?$""", re.M
)
_STARTED = re.compile(rb"\bpython3?\s+(?:-u\s+)?([\w./-]+\.py)\b")
#: A line of a crontab: five fields, and a program. The second field is the hour.
_CRONTAB = re.compile(
    rb"^[ \t#]*[\d*/,-]+ ([\d*/,-]+) [\d*/,-]+ [\w*/,-]+ [\w*/,-]+ .*?([\w./-]+\.py)\b", re.M
)
#: Hours that are named, one or some: no star, no step.
_HOURS = re.compile(rb"\d+(?:,\d+)*$")
#: A file that is a program of its own.
PROGRAM = re.compile(rb"^if __name__\b|^(?:app|application)\s*=|\bst\.\w+\(", re.MULTILINE)
#: One day of a week or month, or a list of two: no range, no step, no name of all.
_ONE_DAY = re.compile(rb"(?:\d+|[A-Za-z]{3})(?:,(?:\d+|[A-Za-z]{3}))?$")


def runs_weekly(module: Module, project: Project | None) -> bool:
    """Whether a module is run by programs alone that are started once or twice a week at most."""
    tree = project.tree(module) if project is not None else None
    if project is None or tree is None:
        return False
    started = _started_weekly(tree)
    own = os.path.abspath(module.path)
    if not started or own not in taken_by(started, tree):
        return False
    others = {
        file
        for file in tree.files()
        if file not in started and file != own and PROGRAM.search(tree.data(file) or b"")
        if not is_test(os.path.relpath(file, tree.root))
    }
    return own not in taken_by(others - taken_by(started, tree), tree)


def runs_daily(module: Module, project: Project | None) -> bool:
    """Whether a schedule starts the file of a module itself, at hours that it names.

    What comes more often than that may be due before the next time.
    """
    tree = project.tree(module) if project is not None else None
    if tree is None:
        return False
    if tree.daily is None:
        tree.daily = _started_daily(tree)
    return os.path.abspath(module.path) in tree.daily


def _started_daily(tree: Tree) -> frozenset[str]:
    """The files that a workflow or a line of a crontab starts at hours that it names."""
    started: set[str] = set()
    for path, data in tree.beside() or ():
        names: list[bytes] = []
        if _WORKFLOWS in path:
            times = _CRON.findall(data)
            if times and all(_HOURS.match(time[1]) for time in times):
                names = _STARTED.findall(data)
        else:
            names = [name for hour, name in _CRONTAB.findall(data) if _HOURS.match(hour)]
        for name in names:
            started.add(os.path.normpath(os.path.join(tree.root, name.decode())))
    return frozenset(started.intersection(tree.files()))


def _started_weekly(tree: Tree) -> frozenset[str]:
    """The files that scheduled workflows start; none if one of them comes more often."""
    started: set[str] = set()
    for path, data in tree.beside() or ():
        if _WORKFLOWS not in path:
            continue
        times = _CRON.findall(data)
        if not all(any(map(_ONE_DAY.match, (time[2], time[4]))) for time in times):
            return frozenset()
        if times:
            for name in _STARTED.findall(data):
                started.add(os.path.normpath(os.path.join(tree.root, name.decode())))
    return frozenset(started.intersection(tree.files()))


def taken_by(programs: frozenset[str] | set[str], tree: Tree) -> frozenset[str]:
    """The files that some programs import, and what these import in turn; they themselves too."""
    found: set[str] = set()
    left = sorted(programs)
    while left:
        file = left.pop()
        if file not in found:
            found.add(file)
            left.extend(sorted(tree.imported(file) - found))
    return frozenset(found)
