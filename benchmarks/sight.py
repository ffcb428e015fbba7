"""How much of real requests is seen: sites found, parts known, agreement with labels.

    python benchmarks/sight.py ROWS --repositories DIR --packages DIR [options]

ROWS is a table of labelled request sites (tab-separated; the columns are named in its first line).
Its sources are packages and repositories (corpus.py says where they lie). Each is listed by
``skinflint requests`` in this process, with its own root as project root and no configuration;
``--quick`` lists only the files that have rows, so that sites that are no row may go unseen.

Rows are counted in the groups of the table (app, lib, docs); those of the SDK's own methods (column
``api``: create, stream or count_tokens) apart from other surfaces (bedrock, raw HTTP, wrappers). A
row is found when a request is reported in exactly its line, which is where the call begins (in a
notebook: of the code cells joined, each below one ``# %%`` line).

A part agrees with its column when both say absent, or neither does and what was seen of it was born
where the label says. The places are those of the leaves of the part (literals and holes):

    inline:...      a leaf stands in the call, or what is written there was followed out of it
    local:...       a leaf stands in the function around the call; the blocks of a local list may
                    all stand elsewhere
    module:...      a leaf stands at module level of the same file (or in a class body)
    param           a hole is an entry parameter, or a leaf stands in the signature or outside the
                    function: a caller's
    selfattr        a leaf stands outside the function (a constructor, a class body, a file), or a
                    hole is a field or parameter of the constructor
    import          a leaf stands in another file, or a hole is an import
    ...:call, :attr, :settings, :selfattr, :tuple, :subscript, :cond, :env, :loopvar, :binop, :comp
                    what is called, read or chosen lies elsewhere: a leaf outside the function, or a
                    hole that ends at a listed entry, will do as well
    **dict          any state but absent
    unknown         not judged; nor is absent where the arguments are spread from a helper's result,
                    a parameter or a closure: such a label says what stands in the call

A part whose state is unknown agrees with nothing but ``import``: where it comes from was not seen.
For ``inline:literal=ID`` the id must be among the models.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus import add_options, located, rows_of

from skinflint.cli.listing import listing
from skinflint.cli.run import Arguments
from skinflint.cli.selection import Asked
from skinflint.linter.inventory import Entry
from skinflint.linter.project import is_test
from skinflint.linter.request import Part, State
from skinflint.linter.source import SourceError, read
from skinflint.linter.spans import Span
from skinflint.linter.values import ENTRIES

SDK = ("create", "stream", "count_tokens")
PARTS = ("model", "system", "messages", "tools")
SEEN = (State.KNOWN, State.TRACED, State.ABSENT)
#: Styles of a call whose labels say nothing of what is spread into it.
SPREAD = ("** helper-call", "** param", "** closure")
#: Kinds of expression whose value is born elsewhere than where they stand.
LEADS_ON = re.compile(
    r":(call|attr|settings|selfattr|tuple|subscript|cond|env|loopvar|binop|comp|Dict)$"
)


@dataclass
class Row:
    """One labelled site."""

    source: str
    path: str
    line: int
    group: str
    sdk: bool
    notebook: bool
    style: str
    labels: dict[str, str]
    entry: Entry | None = None
    agrees: dict[str, bool | None] = field(default_factory=dict)
    readable: bool = True  # the file is there

    @property
    def where(self) -> str:
        return f"{self.source} {self.path}:{self.line}"


@dataclass
class Extra:
    """A site that is reported and is no row."""

    source: str
    entry: Entry
    text: str

    @property
    def in_test(self) -> bool:
        return is_test(self.entry.site.span.path)


# --- sources --------------------------------------------------------------------------------------


def rows_in(table: Path) -> list[Row]:
    return rows_of(
        table,
        lambda each: Row(
            each["source"],
            each["path"],
            int(each["line"]),
            each["group"],
            each["api"] in SDK,
            each["notebook"] == "y",
            each["style"],
            {part: each[part] for part in PARTS},
        ),
    )


# --- one source -----------------------------------------------------------------------------------


def look(source: str, rows: list[Row], directory: Path, quick: bool) -> Iterator[Extra]:
    """Fill in what is found of the rows of one source; what is found besides."""
    os.chdir(directory)
    paths = tuple(dict.fromkeys(r.path for r in rows if os.path.exists(r.path)))
    found = listing(Arguments(paths if quick else (".",), Asked(), isolated=True))
    for problem in found.problems:
        print(f"  {source}: {problem.path}: {problem.kind}: {problem.message}", file=sys.stderr)
    at: dict[tuple[str, int], list[Entry]] = {}
    for entry in found.entries:
        at.setdefault((os.path.normpath(entry.site.span.path), entry.site.span.line), []).append(
            entry
        )
    texts = Texts()
    labelled = set()
    for row in rows:
        labelled.add((row.path, row.line))
        row.readable = os.path.exists(row.path)
        entries = at.get((row.path, row.line))
        if entries:
            row.entry = entries[0]
            scope = texts.scope(row.entry)
            for part in PARTS:
                row.agrees[part] = agrees(row, part, scope)
    for place, entries in at.items():
        if place not in labelled:
            for entry in entries:
                yield Extra(source, entry, texts.line(entry))


Range = tuple[int, int]


@dataclass(frozen=True)
class Scope:
    """Lines of the functions around a call (outermost), its signature, and all functions."""

    path: str
    function: Range | None
    signature: Range | None
    functions: tuple[Range, ...]


class Texts:
    """The files that requests stand in, read and parsed once."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[str, ...]] = {}
        self._trees: dict[str, ast.Module | None] = {}

    def _read(self, path: str) -> None:
        if path in self._lines:
            return
        try:
            text = read(path).text
            self._lines[path] = tuple(text.splitlines())
            self._trees[path] = ast.parse(text)
        except (SourceError, SyntaxError):
            self._lines.setdefault(path, ())
            self._trees[path] = None

    def line(self, entry: Entry) -> str:
        path, line = entry.site.span.path, entry.site.span.line
        self._read(path)
        lines = self._lines[path]
        return lines[line - 1].strip() if line <= len(lines) else ""

    def scope(self, entry: Entry) -> Scope:
        span = entry.site.span
        self._read(span.path)
        tree = self._trees[span.path]
        functions: list[Range] = []
        around: Range | None = None
        signature: Range | None = None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.lineno, node.end_lineno or node.lineno)
                functions.append(lines)
                if lines[0] <= span.line <= lines[1]:
                    # the walk is by level: the first is the outermost
                    around = around or lines
                    signature = (node.lineno, node.body[0].lineno - 1)
        return Scope(span.path, around, signature, tuple(functions))


def agrees(row: Row, part: str, scope: Scope) -> bool | None:
    """Whether a part was seen to come from where the label says; None where that isn't judged."""
    entry = row.entry
    assert entry is not None
    label = row.labels[part]
    seen = part_of(entry, part)
    if label == "unknown" or (label == "absent" and row.style in SPREAD):
        return None
    if label == "absent" or seen.state is State.ABSENT:
        return label == "absent" and seen.state is State.ABSENT
    places = {
        place(span, scope, entry)
        for leaf in seen.leaves
        for span in (leaf.span, *(key.span for key in leaf.keys))
    }
    holes = [leaf for leaf in seen.leaves if leaf.reason]
    if seen.state is State.UNKNOWN:
        return label == "import" and any(leaf.entry == "import" for leaf in holes)
    outside = bool(places & {"module", "class", "helper", "file"})
    entered = any(leaf.entry in ENTRIES for leaf in holes)
    origin, _, kind = label.partition(":")
    if kind.startswith("literal=") and kind[8:] not in entry.models:
        return False
    if LEADS_ON.search(label) and (outside or entered):
        return True
    if origin == "inline":
        return "call" in places or (not kind.startswith("literal") and (outside or entered))
    if origin == "local":
        return bool(places & {"local", "call"}) or (kind == "blocklist" and outside)
    if origin in ("module", "modulenested"):
        return bool(places & {"module", "class"}) or (scope.function is None and "call" in places)
    if origin == "param":
        parameter = any(leaf.entry == "parameter" for leaf in holes)
        return parameter or outside or "signature" in places
    if origin == "selfattr":
        return outside or any(leaf.entry in ("parameter", "attribute") for leaf in holes)
    if origin == "import":
        return "file" in places or any(leaf.entry == "import" for leaf in holes)
    return True


def part_of(entry: Entry, part: str) -> Part:
    return entry.model if part == "model" else getattr(entry, part).part


def place(span: Span, scope: Scope, entry: Entry) -> str:
    """Where a leaf stands, seen from the call."""
    if span.path != scope.path:
        return "file"
    if entry.site.span.contains(span):
        return "call"
    line = span.line
    if scope.signature and scope.signature[0] <= line <= scope.signature[1]:
        return "signature"
    if scope.function and scope.function[0] <= line <= scope.function[1]:
        return "local"
    if any(first <= line <= last for first, last in scope.functions):
        return "helper"
    return "module"


# --- what is printed ------------------------------------------------------------------------------


def share(count: int, of: int) -> str:
    return (
        f"{count:4} of {of:4} {100 * count / of:5.1f} %" if of else f"{count:4} of {of:4}     -  "
    )


def general(reason: str) -> str:
    """A reason without the names in it, to count alike ones together."""
    reason = re.sub(r"`[^`]*`", "`...`", reason)
    reason = re.sub(r"result of [\w.\[\]'\"]+\(", "result of ...(", reason)
    return re.sub(r"\d+", "N", reason)


def report(rows: list[Row], extras: list[Extra], listed: bool) -> None:
    for group in dict.fromkeys(row.group for row in rows):
        print(f"\n== {group}: SDK surfaces")
        summary([row for row in rows if row.group == group and row.sdk])
        others = [row for row in rows if row.group == group and not row.sdk]
        if others:
            print(f"-- {group}: other surfaces")
            print(f"  sites found         {share(sum(map(found, others)), len(others))}")
    if not listed:
        return
    print("\n== rows not found")
    for row in rows:
        if row.sdk and not found(row):
            print(f"  {row.where}  [{row.group}, {row.style}{', notebook' * row.notebook}]")
    print("\n== parts that disagree with their column")
    for row in rows:
        for part, same in row.agrees.items():
            if row.sdk and same is False and row.entry is not None:
                seen = part_of(row.entry, part)
                print(
                    f"  {row.where} {part}: label {row.labels[part]}, seen {seen.state.value}"
                    f" ({seen.reason})"
                )
    print("\n== parts that are partial or unknown")
    for row in rows:
        for part in PARTS:
            if row.sdk and row.entry is not None:
                seen = part_of(row.entry, part)
                if seen.state not in SEEN:
                    print(f"  {row.where} {part}: {seen.state.value}: {seen.reason}")
    print("\n== sites that are no row")
    for extra in sorted(extras, key=lambda each: (each.in_test, each.source)):
        site = extra.entry.site
        kind = "test" if extra.in_test else "    "
        where = f"{extra.source} {site.span.path}:{site.span.line}"
        print(f"  {kind} {where} [{site.surface} {site.method}] {extra.text[:90]}")


def found(row: Row) -> bool:
    return row.entry is not None


def summary(rows: list[Row]) -> None:
    if not rows:
        return
    seen = [row for row in rows if row.entry is not None]
    print(f"  sites found         {share(len(seen), len(rows))}")
    notebooks = [row for row in rows if row.notebook]
    if notebooks:
        print(f"    in notebooks      {share(sum(map(found, notebooks)), len(notebooks))}")
    entries = [row.entry for row in seen if row.entry is not None]
    print(f"  model ids seen      {share(sum(bool(e.models) for e in entries), len(entries))}")
    whole = [e for e in entries if all(part_of(e, part).state in SEEN for part in PARTS)]
    print(f"  all four parts      {share(len(whole), len(entries))} known, traced or absent")
    judged = [row for row in seen if any(v is not None for v in row.agrees.values())]
    same = [row for row in judged if all(v is not False for v in row.agrees.values())]
    print(f"  agree in all four   {share(len(same), len(judged))}")
    both = [row for row in judged if row.entry in whole]
    ok = sum(all(v is not False for v in row.agrees.values()) for row in both)
    print(f"    of those seen     {share(ok, len(both))}")
    for part in PARTS:
        states = Counter(part_of(e, part).state.value for e in entries)
        text = "  ".join(f"{state.value} {states[state.value]}" for state in State)
        marks = [row.agrees[part] for row in seen if row.agrees[part] is not None]
        print(f"  {part:<9} {text}   agree {share(sum(map(bool, marks)), len(marks))}")
    for part in PARTS:
        reasons = Counter(
            f"{part_of(e, part).state.value}: {general(part_of(e, part).reason)}"
            for e in entries
            if part_of(e, part).state not in SEEN
        )
        for reason, count in reasons.most_common(6):
            print(f"    {part:<9}{count:4}  {reason}")


def as_json(rows: list[Row], extras: list[Extra]) -> object:
    return {
        "rows": [
            {
                "source": row.source,
                "path": row.path,
                "line": row.line,
                "group": row.group,
                "sdk": row.sdk,
                "notebook": row.notebook,
                "found": found(row),
                "parts": {
                    part: {
                        "label": row.labels[part],
                        "state": part_of(row.entry, part).state.value,
                        "reason": part_of(row.entry, part).reason,
                        "agrees": row.agrees[part],
                    }
                    for part in PARTS
                }
                if row.entry is not None
                else None,
            }
            for row in rows
        ],
        "extra": [
            {
                "source": extra.source,
                "path": extra.entry.site.span.path,
                "line": extra.entry.site.span.line,
                "method": extra.entry.site.method,
                "test": extra.in_test,
                "text": extra.text,
            }
            for extra in extras
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("rows", type=Path)
    add_options(parser)
    parser.add_argument("--quick", action="store_true", help="list only files that have rows")
    parser.add_argument("--brief", action="store_true", help="the figures, no lists")
    parser.add_argument("--json", type=Path, help="write the outcome of each row to this file")
    arguments = parser.parse_args()
    rows = [row for row in rows_in(arguments.rows) if arguments.only in row.source]
    target = arguments.json.resolve() if arguments.json else None
    extras: list[Extra] = []
    missing: list[str] = []
    for source, directory in located((row.source for row in rows), arguments):
        own = [row for row in rows if row.source == source]
        if directory is None:
            missing.append(source)
            continue
        began = time.process_time()
        extras += look(source, own, directory, arguments.quick)
        spent = time.process_time() - began
        count = sum(map(found, own))
        print(f"{spent:6.1f} s  {source}: {count} of {len(own)} rows found", file=sys.stderr)
    for source in missing:
        print(f"not here, left out: {source}")
    rows = [row for row in rows if row.source not in missing]
    for row in rows:
        if not row.readable:
            print(f"no such file: {row.where}")
    report(rows, extras, not arguments.brief)
    if target is not None:
        target.write_text(json.dumps(as_json(rows, extras), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
