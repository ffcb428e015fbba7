"""How often findings are right: on labelled requests, and as read by people.

    python benchmarks/accuracy.py LABELS --repositories DIR --packages DIR [--as-of DATE]
    python benchmarks/accuracy.py --findings TABLE.. --repositories DIR --packages DIR [--tsv FILE]
    python benchmarks/accuracy.py --verdicts FILE [--page FILE]

**On labels.** LABELS is a tab-separated table with the columns source, path, line, kind, why and
confidence: one row for each kind of defect at a request, judged by reading the code, or a row of
kind CLEAN whose ``why`` begins with what must not be reported there (``[K1,K2]``, or ``[all]``).
Each source (corpus.py says where it lies) is checked whole (with ``--quick`` only its files with
labels, whatever else they lead to), without a configuration. The kinds, and the rules that speak of
them:

    K1  dynamic content in the cached prefix   SKF101-115, SKF202
    K2  unbounded history                      SKF301, SKF303, SKF305
    K3  over-powered model                     SKF401
    K4  missing caching                        SKF201, SKF203
    K5  sequential calls that could be a batch SKF501
    K6  deprecated or retired model            SKF402, SKF406
    K7  broken cache settings                  SKF203-213, SKF701-702

SKF202 is of K1, not K7: what is wrong there is the dynamic tail in the block, not the marker.
SKF203 is of both K4 and K7: markers that end ahead of a conversation are missing caching to one
reader, and caching that is set up wrongly to the other. SKF701 and SKF702 are of K7: who caches
and doesn't count, or counts wrongly, what is read and written has not finished setting it up.
SKF301 and SKF305 are of K2: both say that what is kept of a conversation costs too much, so neither
may stand where a label calls the history right. The other rules speak of no kind (SKF302 and SKF307
of broken replies and forks, SKF304 and SKF306 of the form of one message, SKF403-405 of a price
without an over-powered model, SKF502-503 of speed and width, the rest of SKF6xx to SKF9xx of other
things); where ``[all]`` says that nothing may be reported they are false alarms all the same.

A row is *true* if a finding of its kind hurts a request that begins in its line (or names its
method there, to have it called), else *missed*. A finding at a CLEAN site, of a kind in its scope,
is a *false* alarm; but missing caching that is said to be clean doesn't judge an SKF203 (a prefix
that is cached says nothing of the tail). A kind with neither a row nor a scope at a site is not
judged there. Sure rows count strictly, arguable ones apart. Rows on surfaces that are not the SDK's
own methods (told by the column ``api`` of a table of sites, by default the one next to LABELS with
"sites" for "labels" in its name) count in the total and in a column of their own. Fewer than ten
rows give counts and no percentage.

**As read.** TABLE has a column source. ``--findings`` prints every finding with the code around it,
for a reader to judge; with ``--tsv`` it writes a table to fill in. Findings that ``--verdicts``
already judges are left out. ``--verdicts`` alone sums up what readers said, by rule and by source,
and with ``--page`` writes the page about it.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checked import Checked, Place, check, places
from corpus import add_options, located, rows_of
from readable import Reading, tell, write_table
from verdicts import lists_in, read_calibration, read_verdicts, render, summary

from skinflint.linter.findings import Finding

SDK = ("create", "stream", "count_tokens", "parse")
KINDS = {
    "K1": "dynamic content in the cached prefix",
    "K2": "unbounded history",
    "K3": "over-powered model",
    "K4": "missing caching",
    "K5": "sequential calls that could be a batch",
    "K6": "deprecated or retired model",
    "K7": "broken cache settings",
}
#: What findings of rules that speak of no kind are counted under.
OTHER = "other"
SINGLE = {
    "SKF202": "K1",
    "SKF301": "K2",
    "SKF303": "K2",
    "SKF305": "K2",
    "SKF401": "K3",
    "SKF201": "K4",
    "SKF203": "K4",
    "SKF501": "K5",
    "SKF402": "K6",
    "SKF406": "K6",
    "SKF701": "K7",
    "SKF702": "K7",
}
#: Rules that speak of a second kind.
SECOND = {"SKF203": "K7"}
#: Fewer rows than this give counts and no percentage.
THIN = 10


def kind_of(rule: str) -> str:
    """The kind of defect a rule speaks of first of all."""
    if rule in SINGLE:
        return SINGLE[rule]
    if rule.startswith("SKF1"):
        return "K1"
    if "SKF204" <= rule <= "SKF213":
        return "K7"
    return OTHER


def judged_by(rule: str, label: Label) -> str:
    """The kind by which a label judges what a rule found at its place, "" for none."""
    kinds = [kind_of(rule), *([SECOND[rule]] if rule in SECOND else [])]
    if label.kind != "CLEAN":
        return label.kind if label.kind in kinds else ""
    if rule == "SKF203":
        kinds.remove("K4")  # a prefix that is cached says nothing of the tail
    return next((kind for kind in kinds if kind in label.scope), "")


# --- labels ---------------------------------------------------------------------------------------


@dataclass
class Label:
    """One row: a defect of one kind at a request, or (kind CLEAN) what is none there."""

    source: str
    path: str
    line: int
    kind: str
    why: str
    sure: bool
    scope: frozenset[str] = frozenset()  # of CLEAN
    sdk: bool = True
    seen: bool = False  # a request is seen there
    readable: bool = True  # the file is there
    findings: list[Finding] = field(default_factory=list)  # of its kind, or in its scope

    @property
    def where(self) -> str:
        return f"{self.source} {self.path}:{self.line}"


@dataclass(frozen=True)
class Unjudged:
    """A finding at a labelled request that no label speaks of."""

    source: str
    place: Place
    finding: Finding


def label_of(each: dict[str, str]) -> Label:
    """A row of the table. Raises ValueError for a kind, scope or confidence that isn't known."""
    kind, why = each["kind"], each["why"]
    scope: frozenset[str] = frozenset()
    if kind == "CLEAN":
        said = re.match(r"\[([^\]]+)\]", why)
        names = {part.strip() for part in said[1].split(",")} if said else set()
        if names == {"all"}:
            names = {*KINDS, OTHER}
        elif not names or not names <= set(KINDS):
            raise ValueError(f"{each['path']}:{each['line']}: no scope in {why!r}")
        scope = frozenset(names)
    elif kind not in KINDS:
        raise ValueError(f"{each['path']}:{each['line']}: no such kind: {kind}")
    if each["confidence"] not in ("sure", "arguable"):
        raise ValueError(f"{each['path']}:{each['line']}: how sure is {each['confidence']!r}?")
    sure = each["confidence"] == "sure"
    return Label(each["source"], each["path"], int(each["line"]), kind, why, sure, scope)


def labels_in(table: Path, sites: Path | None) -> list[Label]:
    labels = rows_of(table, lambda each: label_of(dict(each)))
    sites = sites or table.with_name(table.name.replace("labels", "sites"))
    if sites != table and sites.is_file():
        api = dict(rows_of(sites, lambda e: ((e["source"], e["path"], e["line"]), e["api"] in SDK)))
        for label in labels:
            label.sdk = api.get((label.source, label.path, str(label.line)), True)
    return labels


def judge(source: str, labels: Sequence[Label], checked: Checked) -> Iterable[Unjudged]:
    """Give each label of a source the findings that are its own; what no label speaks of."""
    at: dict[Place, list[Finding]] = {}
    for finding in checked.findings:
        for place in places(finding):
            at.setdefault(place, []).append(finding)
    unjudged: dict[tuple[Place, int], Unjudged] = {}
    judged = set()
    for label in labels:
        place = checked.place(label.path, label.line)
        label.seen = place in checked.sites
        for finding in at.get(place, ()):
            key = (place, id(finding))
            if judged_by(finding.rule.id, label):
                label.findings.append(finding)
                judged.add(key)
            unjudged[key] = Unjudged(source, place, finding)
    return [each for key, each in unjudged.items() if key not in judged]


# --- what is printed ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """True and all rows of one kind."""

    true: int
    rows: int

    def __str__(self) -> str:
        share = f"{100 * self.true / self.rows:6.1f} %" if self.rows >= THIN else ""
        return f"{self.true:3} of {self.rows:3}{share:>9}" if self.rows else "       -           "


def tally(labels: Iterable[Label]) -> Tally:
    labels = list(labels)
    return Tally(sum(bool(label.findings) for label in labels), len(labels))


def false_alarms(labels: Iterable[Label], kind: str) -> list[tuple[Label, Finding]]:
    """What is reported at clean sites; each finding of a site once."""
    found = {}
    for label in labels:
        for finding in label.findings:
            if judged_by(finding.rule.id, label) == kind:
                found.setdefault((label.where, id(finding)), (label, finding))
    return list(found.values())


def mean(tallies: Iterable[Tally]) -> float | None:
    """The mean share over kinds that have rows."""
    shares = [each.true / each.rows for each in tallies if each.rows]
    return sum(shares) / len(shares) if shares else None


def report(labels: list[Label], unjudged: list[Unjudged], listed: bool) -> None:
    rows = [label for label in labels if label.kind != "CLEAN"]
    clean = [label for label in labels if label.kind == "CLEAN"]
    head = ("sure rows found", "on SDK methods", "elsewhere", "arguable", "false: sure", "arguable")
    print(f"{'kind':<6}" + "".join(f"{each:>20}" for each in head))
    for kind in (*KINDS, OTHER):
        own = [row for row in rows if row.kind == kind]
        sure = [row for row in own if row.sure]
        columns = [
            str(tally(sure)),
            str(tally(row for row in sure if row.sdk)),
            str(tally(row for row in sure if not row.sdk)),
            str(tally(row for row in own if not row.sure)),
        ]
        scoped = [label for label in clean if kind in label.scope]
        for certain in (True, False):
            at = [label for label in scoped if label.sure is certain]
            columns.append(f"{len(false_alarms(at, kind)):3} at {len(at):3}")
        print(f"{kind:<6}" + "".join(f"{each:>20}" for each in columns))
    without = [kind for kind in KINDS if kind != "K6"]
    sure = [row for row in rows if row.sure]
    for name, own in (("all", sure), ("SDK methods", [row for row in sure if row.sdk])):
        found = mean(tally(row for row in own if row.kind == kind) for kind in without)
        if found is not None:
            print(f"mean over kinds but K6, sure rows, {name}: {found:.2f}")
    alarms = sum(len(false_alarms(clean, kind)) for kind in (*KINDS, OTHER))
    print(f"false alarms in all clean scopes: {alarms}")
    print(f"findings at labelled requests that no label speaks of: {len(unjudged)}")
    if not listed:
        return
    print("\n== missed")
    for row in rows:
        if not row.findings:
            print(f"  {said(row)} {row.kind}: {row.why}")
    print("\n== false alarms")
    for kind in (*KINDS, OTHER):
        for label, finding in false_alarms(clean, kind):
            print(f"  {said(label)} {finding.rule.id} {finding.message}\n      label: {label.why}")
    print("\n== not judged")
    for each in unjudged:
        path, line = each.place
        print(f"  {each.source} {path}:{line} {each.finding.rule.id} {each.finding.message}")


def said(label: Label) -> str:
    marks = ["sure" if label.sure else "arguable"]
    marks += ["SDK" if label.sdk else "elsewhere"]
    marks += [] if label.seen else ["no request seen"]
    return f"{label.where} [{', '.join(marks)}]"


def as_json(labels: list[Label], unjudged: list[Unjudged]) -> object:
    return {
        "labels": [
            {
                "source": label.source,
                "path": label.path,
                "line": label.line,
                "kind": label.kind,
                "sure": label.sure,
                "scope": sorted(label.scope),
                "sdk": label.sdk,
                "seen": label.seen,
                "rules": sorted({finding.rule.id for finding in label.findings}),
            }
            for label in labels
        ],
        "unjudged": [
            {
                "source": each.source,
                "path": each.place[0],
                "line": each.place[1],
                "rule": each.finding.rule.id,
                "message": each.finding.message,
            }
            for each in unjudged
        ],
    }


# --- what it does ---------------------------------------------------------------------------------


def on_labels(arguments: argparse.Namespace) -> None:
    labels = labels_in(arguments.labels.resolve(), arguments.sites)
    labels = [label for label in labels if arguments.only in label.source]
    target = arguments.json.resolve() if arguments.json else None
    unjudged: list[Unjudged] = []
    missing = []
    for source, directory in located((label.source for label in labels), arguments):
        own = [label for label in labels if label.source == source]
        if directory is None:
            missing.append(source)
            continue
        for label in own:
            label.readable = (directory / label.path).is_file()
        files = sorted({label.path for label in own if label.readable})
        paths = files if arguments.quick and files else ["."]
        unjudged += judge(source, own, timed(source, directory, arguments, paths))
    for source in missing:
        print(f"not here, left out: {source}")
    labels = [label for label in labels if label.source not in missing]
    for label in labels:
        if not label.readable:
            print(f"no such file: {label.where}")
    report(labels, unjudged, not arguments.brief)
    if target is not None:
        target.write_text(json.dumps(as_json(labels, unjudged), indent=1) + "\n", "utf-8")


def as_read(arguments: argparse.Namespace) -> None:
    tables = [table.resolve() for table in arguments.findings]
    sources = [source for table in tables for source in rows_of(table, lambda each: each["source"])]
    known = set()
    if arguments.verdicts is not None:
        known = {verdict.key for verdict in read_verdicts(arguments.verdicts)}
    target = arguments.tsv.resolve() if arguments.tsv else None
    readings: list[Reading] = []
    for source, directory in located(sources, arguments):
        if directory is None:
            print(f"not here, left out: {source}", file=sys.stderr)
            continue
        checked = timed(source, directory, arguments)
        for finding in checked.findings:
            reading = Reading(source, finding)
            if reading.key not in known:
                readings.append(reading)
                print(tell(reading, checked))
    print(f"{len(readings)} findings to read", file=sys.stderr)
    if target is not None:
        write_table(target, readings)


def timed(
    source: str, directory: Path, arguments: argparse.Namespace, paths: Sequence[str] = (".",)
) -> Checked:
    began = time.process_time()
    checked = check(directory, as_of=arguments.as_of, preview=arguments.preview, paths=paths)
    spent = time.process_time() - began
    print(f"{spent:6.1f} s  {source}: {len(checked.findings)} findings", file=sys.stderr)
    for problem in checked.problems:
        print(f"  {problem.path}: {problem.kind}: {problem.message}", file=sys.stderr)
    return checked


def as_judged(arguments: argparse.Namespace) -> None:
    verdicts = read_verdicts(arguments.verdicts)
    if arguments.page is not None:
        here = Path(__file__).resolve().parent
        labelled = (read_calibration(here / f"{name}.tsv") for name in ("calibration", "controls"))
        page = render(verdicts, lists_in(here), *labelled)
        arguments.page.write_text(page, "utf-8", newline="\n")
    else:
        print(summary(verdicts))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("labels", type=Path, nargs="?")
    parser.add_argument(
        "--findings", type=Path, nargs="+", help="tables of sources: print what is found"
    )
    parser.add_argument("--verdicts", type=Path, help="a table of what readers said")
    add_options(parser)
    parser.add_argument("--as-of", type=datetime.date.fromisoformat, help="day of lifecycles")
    parser.add_argument("--preview", action="store_true", help="rules in preview as well")
    parser.add_argument("--quick", action="store_true", help="check only files with labels")
    parser.add_argument("--sites", type=Path, help="the table that says what a request is sent by")
    parser.add_argument("--brief", action="store_true", help="the figures, no lists")
    parser.add_argument("--json", type=Path, help="write the outcome of each label to this file")
    parser.add_argument("--tsv", type=Path, help="write the findings to this file, to be filled in")
    parser.add_argument("--page", type=Path, help="write the page about the verdicts to this file")
    arguments = parser.parse_args()
    if arguments.labels is not None:
        on_labels(arguments)
    elif arguments.findings is not None:
        as_read(arguments)
    elif arguments.verdicts is not None:
        as_judged(arguments)
    else:
        parser.error("nothing to do: LABELS, --findings or --verdicts")


if __name__ == "__main__":
    main()
