"""One defect at a time in real projects: is it found at its line, and is the clean twin silent?

    python benchmarks/mutate.py --repositories DIR --packages DIR [--seed N] [options]

Each directory below the two is a project (laid out as for ``benchmarks/sight.py``). Every call in
it that sends a request is a site, found by syntax alone. For each site and kind some mutations are
tried, in an order that only the seed decides; those that don't fit it are left out. A mutation
makes two trees of the same project:

    the clean twin   the project with a right setting of what the kind is about: real code, the
                     project's own prompts, helpers and modules where it has any, and for instance a
                     marked system block in front, a history that is cut, a batch
    the defect       the same with one thing changed: the marker behind a hole, no trim, ...

Both are written to a copy, checked with every rule, and set against each other. A defect is found
when a finding of its kind that the twin doesn't have stands in one of the lines that the mutation
names (where the change is born, where it enters, the marker; where a list grows; the request itself
for loops). A twin is flagged when it has a finding of the kind that the unchanged project doesn't
have. Requests that have one before anything is changed are not counted; neither are, for kinds that
are about a second call, those that are sent once. Where nothing in a program names the function
around a request, nothing runs it, and what is wrong there costs nothing: such sites are left out.

Kinds: K1 a changing part in a cached prefix, K2 a history that nothing bounds, K5 a loop that could
be a batch, K6 a model that is gone, K7 markers that the API rejects.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from mutations import history, loops, markers, models, prefix
from mutations.drafts import Draft, NotHere
from mutations.trees import Site, Tree, copied, is_led_to, sites

from skinflint.cli.run import Arguments, read_input
from skinflint.cli.selection import Asked
from skinflint.linter import engine
from skinflint.linter.findings import Finding
from skinflint.linter.request import PairKind, Request
from skinflint.rules.registry import all_rules

Mutation = Callable[[Site, Random, bool], Draft]

KINDS: dict[str, tuple[tuple[Mutation, ...], list[str]]] = {
    "K1": (prefix.MUTATIONS, prefix.RULES),
    "K2": (history.MUTATIONS, history.RULES),
    "K5": (loops.MUTATIONS, loops.RULES),
    "K6": (models.MUTATIONS, models.RULES),
    "K7": (markers.MUTATIONS, markers.RULES),
}
#: Of kinds that are about a second call: pairs of calls that are none for them. A script that is
#: run again shares no cache; the records of a loop are no conversation, nor are rounds within one
#: question.
ALONE = {
    "K1": {PairKind.WORKER},
    "K2": {PairKind.WORKER, PairKind.RECORD, PairKind.LOOP},
}
AS_OF = datetime.date(2026, 11, 22)

FOUND, ELSEWHERE, MISSED = "found", "wrong line", "missed"
BARS = {"K1": 20, "K2": 20, "K5": 20, "K7": 20}
PROJECTS, SHARE = 10, 0.9


@dataclass(frozen=True)
class Told:
    """A finding, as far as two trees can share it."""

    rule: str
    path: str
    line: int
    text: str  # the line it stands in
    message: str
    requests: tuple[tuple[str, int], ...]

    @property
    def same(self) -> tuple[str, str, str, str]:
        """What stays when lines move."""
        return self.rule, self.path, self.text, self.message

    @property
    def shown(self) -> str:
        return f"{self.rule} {self.path}:{self.line}"


@dataclass
class Case:
    """One mutation at one site, and what came of it."""

    source: str
    project: str
    kind: str
    mutation: str
    site: str
    expected: list[str]
    outcome: str
    by: list[str]  # findings that count as found, else those of the kind that the defect adds
    twin: list[str]  # findings of the kind that the twin adds
    counted: bool


@dataclass
class Seen:
    """What a check of some files gave."""

    told: list[Told]
    requests: list[Request]
    problems: list[str]


def look(tree: Tree, paths: list[str]) -> Seen:
    """Check some files of a tree with every rule."""
    os.chdir(tree.root)
    given = read_input(
        Arguments(tuple(paths), Asked(preview=True), isolated=True, as_of=AS_OF, no_ignores=True)
    )
    told: list[Told] = []
    requests: list[Request] = []
    problems = [f"{p.path}: {p.message}" for p in given.problems]
    for group in given.groups:
        result = engine.check(
            group.files, group.rules, group.settings, group.context, options=group.options
        )
        told += [_told(tree, finding) for finding in result.findings]
        requests += result.requests
        problems += [f"{p.path}: {p.message}" for p in result.problems]
    return Seen(told, requests, problems)


def _told(tree: Tree, finding: Finding) -> Told:
    span = finding.primary
    lines = (tree.root / span.path).read_text("utf-8", "replace").split("\n")
    text = lines[span.line - 1].strip() if span.line <= len(lines) else ""
    return Told(
        finding.rule.id,
        os.path.normpath(span.path),
        span.line,
        text,
        # places and counts in a message move with the lines
        "".join(c for c in finding.message if not c.isdigit()),
        tuple((os.path.normpath(r.path), r.line) for r in finding.requests),
    )


class Overlaid:
    """Some files of a tree with other texts, as long as it is looked at."""

    def __init__(self, tree: Tree, texts: dict[str, str]) -> None:
        self._tree = tree
        self._texts = texts
        self._old: dict[str, bytes | None] = {}

    def __enter__(self) -> None:
        for path, text in self._texts.items():
            target = self._tree.root / path
            self._old[path] = target.read_bytes() if target.exists() else None
            target.write_bytes(text.encode())

    def __exit__(self, *_: object) -> None:
        for path, data in self._old.items():
            target = self._tree.root / path
            if data is None:
                target.unlink()
            else:
                target.write_bytes(data)


# --- one project ----------------------------------------------------------------------------------


def work(
    tree: Tree, kinds: list[str], seed: int, most: int, per_site: int, only: str, keep: Path | None
) -> tuple[list[Case], Counter[str]]:
    found = sites(tree)
    if most and len(found) > most:
        chosen = sorted(Random(f"{seed} {tree.source}").sample(range(len(found)), most))
        found = [found[index] for index in chosen]
    left: Counter[str] = Counter()
    cases: list[Case] = []
    known = {rule.id for rule in all_rules()}
    before: dict[str, Seen] = {}
    for path in dict.fromkeys(site.path for site in found):
        before[path] = look(tree, [path])
    for site in found:
        if not is_led_to(site):
            left[f"nothing leads to it: {tree.source} {site.where}"] += 1
            continue
        seen = before[site.path]
        here = [r for r in seen.requests if r.site.span.line == site.line]
        _follow(site, here)
        pairs = {pair.kind for request in here for pair in request.pairs}
        for kind in kinds:
            mutations, rules = KINDS[kind]
            if kind in ALONE and here and not pairs - ALONE[kind]:
                left[f"{kind}: no second call: {tree.source} {site.where}"] += 1
                continue
            has = any(
                told.rule in rules
                and ((site.path, site.line) in told.requests or told.line == site.line)
                for told in seen.told
            )
            order = [m for m in mutations if only in m.__name__]
            order = [m for m in order if markers.NEEDS.get(m.__name__, rules[0]) in known]
            name = f"{seed} {tree.source} {site.where} {kind}"
            Random(name).shuffle(order)
            done = 0
            for mutation in order:
                if done == per_site:
                    break
                key = f"{name} {mutation.__name__}"
                try:
                    twin, _ = mutation(site, Random(key), False).rendered()
                    defect, lines = mutation(site, Random(key), True).rendered()
                except NotHere:
                    continue
                if not lines or twin == defect:
                    continue
                done += 1
                case = judge(tree, site, kind, mutation.__name__, seen, twin, defect, lines)
                case.counted = not has
                cases.append(case)
                if keep is not None:
                    kept(keep, tree, case, twin, defect)
                gc.collect()
            if not done:
                left[f"{kind}: no mutation fits"] += 1
    return cases, left


def _follow(site: Site, requests: list[Request]) -> None:
    """Note where the real conversation of a site grows and is kept short, if it is."""
    found = [r.conversation for r in requests if r.conversation is not None]
    if not found or not all(each.grows and each.bounded and each.certain for each in found):
        return
    limits = {limit for each in found for limit in each.bounded_by if not limit.ends_loop}
    site.cuts = sorted(
        (os.path.normpath(x.span.path), x.span.line, x.span.column, x.how) for x in limits
    )
    growth = {each.span for conversation in found for each in conversation.lasting}
    site.growth = sorted((os.path.normpath(span.path), span.line) for span in growth)


def judge(
    tree: Tree,
    site: Site,
    kind: str,
    mutation: str,
    before: Seen,
    twin: dict[str, str],
    defect: dict[str, str],
    lines: set[tuple[str, int]],
) -> Case:
    rules = KINDS[kind][1]

    def findings(texts: dict[str, str]) -> list[Told]:
        with Overlaid(tree, texts):
            seen = look(tree, sorted({site.path, *texts}))
        for problem in seen.problems:
            print(f"  {tree.source} {site.where} {mutation}: {problem}", file=sys.stderr)
        return [told for told in seen.told if told.rule in rules]

    old = {told.same for told in before.told}
    clean = findings(twin)
    known = {told.same for told in clean}
    added = [told for told in findings(defect) if told.same not in known | old]
    right = [told for told in added if (told.path, told.line) in lines]
    outcome = FOUND if right else ELSEWHERE if added else MISSED
    return Case(
        tree.source,
        tree.project,
        kind,
        mutation,
        site.where,
        [f"{path}:{line}" for path, line in sorted(lines)],
        outcome,
        [told.shown for told in right or added],
        [told.shown for told in clean if told.same not in old],
        True,
    )


def kept(keep: Path, tree: Tree, case: Case, twin: dict[str, str], defect: dict[str, str]) -> None:
    """Write both states of a case where somebody reads them."""
    stem = f"{case.kind}-{tree.source}-{case.site}-{case.mutation}".replace("/", "+")
    for name, texts in (("twin", twin), ("defect", defect)):
        for path, text in texts.items():
            target = keep / stem / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)


# --- what is printed ------------------------------------------------------------------------------


def report(cases: list[Case], left: Counter[str], brief: bool) -> None:
    for kind in KINDS:
        own = [case for case in cases if case.kind == kind]
        if not own:
            continue
        counted = [case for case in own if case.counted]
        found = sum(case.outcome == FOUND for case in counted)
        elsewhere = sum(case.outcome == ELSEWHERE for case in counted)
        flagged = sum(bool(case.twin) for case in counted)
        projects = len({case.project for case in counted})
        share = f"{100 * found / len(counted):.1f} %" if counted else "-"
        print(
            f"{kind}: {len(counted)} defects in {projects} projects: {found} found ({share}), "
            f"{elsewhere} at another line; {flagged} clean twins flagged; "
            f"{len(own) - len(counted)} not counted"
        )
        for name in dict.fromkeys(m.__name__ for m in KINDS[kind][0]):
            of = [case for case in counted if case.mutation == name]
            if of:
                good = sum(case.outcome == FOUND for case in of)
                bad = sum(bool(case.twin) for case in of)
                print(f"    {name:<24}{good:4} of {len(of):3}   {bad} flagged")
    if brief:
        return
    for case in cases:
        note = "" if case.counted else " (not counted)"
        print(f"\n{case.kind} {case.mutation}: {case.source} {case.site}: {case.outcome}{note}")
        print(f"    expected {' '.join(case.expected)}")
        if case.by:
            print(f"    reported {' '.join(case.by)}")
        if case.twin:
            print(f"    the twin has {' '.join(case.twin)}")
    for reason, count in sorted(left.items()):
        print(f"left out: {reason} ({count})")


def unmet(cases: list[Case], kinds: list[str]) -> list[str]:
    """The bars that are not met."""
    failed = []
    for kind in kinds:
        counted = [case for case in cases if case.kind == kind and case.counted]
        found = sum(case.outcome == FOUND for case in counted)
        if len(counted) < BARS.get(kind, 0):
            failed.append(f"{kind}: {len(counted)} defects, fewer than {BARS[kind]}")
        if kind in BARS and len({case.project for case in counted}) < PROJECTS:
            failed.append(f"{kind}: in fewer than {PROJECTS} projects")
        if counted and found < SHARE * len(counted):
            failed.append(f"{kind}: {found} of {len(counted)} found, fewer than {SHARE:.0%}")
        flagged = sum(bool(case.twin) for case in counted)
        if flagged:
            failed.append(f"{kind}: {flagged} clean twins flagged")
    return failed


def projects(directories: list[Path], only: str) -> list[tuple[str, Path]]:
    found = [
        (path.name, path)
        for directory in directories
        for path in sorted(directory.iterdir())
        if path.is_dir() and not path.name.startswith(".") and only in path.name
    ]
    return [(name, path) for name, path in found if any(path.rglob("*.py"))]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--repositories", type=Path, action="append", default=[])
    parser.add_argument("--packages", type=Path, action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sites", type=int, default=0, help="at most this many per project")
    parser.add_argument("--per-site", type=int, default=1, help="mutations per site and kind")
    parser.add_argument("--kind", action="append", choices=sorted(KINDS), help="only this kind")
    parser.add_argument("--only", default="", help="only projects with this text in their name")
    parser.add_argument("--mutation", default="", help="only mutations with this in their name")
    parser.add_argument("--brief", action="store_true", help="the figures, no cases")
    parser.add_argument("--json", type=Path, help="write the cases to this file")
    parser.add_argument("--keep", type=Path, help="write twins and defects below this directory")
    parser.add_argument("--assert", dest="bars", action="store_true", help="exit 1 below the bars")
    arguments = parser.parse_args()
    kinds = arguments.kind or sorted(KINDS)
    target = arguments.json.resolve() if arguments.json else None
    keep = arguments.keep.resolve() if arguments.keep else None
    directories = [path.resolve() for path in (*arguments.repositories, *arguments.packages)]
    cases: list[Case] = []
    left: Counter[str] = Counter()
    here = os.getcwd()
    for name, path in projects(directories, arguments.only):
        with tempfile.TemporaryDirectory() as scratch:
            began = time.process_time()
            tree = copied(name, path, Path(scratch) / "tree")
            some, out = work(
                tree,
                kinds,
                arguments.seed,
                arguments.sites,
                arguments.per_site,
                arguments.mutation,
                keep,
            )
            os.chdir(here)
            cases += some
            left += out
            spent = time.process_time() - began
            print(f"{spent:6.1f} s  {name}: {len(some)} cases", file=sys.stderr)
            if target is not None:
                shown = {"version": 1, "cases": [vars(case) for case in cases]}
                target.write_text(json.dumps(shown, indent=1) + "\n", "utf-8")
    report(cases, left, arguments.brief)
    failed = unmet(cases, kinds) if arguments.bars else []
    for text in failed:
        print(f"not met: {text}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
