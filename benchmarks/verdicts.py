"""What readers said of findings, summed up.

A table of verdicts has the columns source, path, line, rule (which name a finding), verdict (right,
arguable or wrong), reader and reason. Readers of the later lists also said whether the defect
stands in the code of the site, whatever becomes of the program: column defect (yes, unclear, no).
Further columns are not looked at.

A table of labelled requests that were read in the same way has a column label besides: `sure` for
a defect that the labels are sure of, `clean` where they say that there is none of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import rows_of

from skinflint.rules.registry import all_rules

VERDICTS = ("right", "arguable", "wrong")
#: Whether the defect that a finding names stands in the code.
DEFECTS = ("yes", "unclear", "no")
LABELS = ("sure", "clean")
#: Rules whose findings are the easiest to be right about, and the most: counted apart.
RETIRED = ("SKF402", "SKF406")
#: The lists of sources, in the order in which they were read.
LISTS = (
    "packages.tsv",
    "packages2.tsv",
    "packages3.tsv",
    "packages4.tsv",
    "packages5.tsv",
    "packages6.tsv",
    "packages7.tsv",
    "packages8.tsv",
    "packages9.tsv",
    "packages10.tsv",
    "packages11.tsv",
    "packages12.tsv",
    "packages13.tsv",
    "packages14.tsv",
    "packages15.tsv",
    "packages16.tsv",
    "packages17.tsv",
    "packages18.tsv",
    "packages19.tsv",
    "packages20.tsv",
    "packages21.tsv",
    "packages22.tsv",
    "packages23.tsv",
    "packages24.tsv",
    "packages25.tsv",
    "packages26.tsv",
)


@dataclass(frozen=True)
class Verdict:
    source: str
    path: str
    line: int
    rule: str
    verdict: str
    reader: str
    reason: str
    defect: str = ""
    """One of `DEFECTS`, or empty where nobody was asked."""
    label: str = ""
    """One of `LABELS`, or empty for a finding in code that nobody has labelled."""

    @property
    def key(self) -> tuple[str, str, int, str]:
        """The finding it is about."""
        return (self.source, self.path, self.line, self.rule)


def verdict_of(each: Mapping[str, str]) -> Verdict:
    """A row of the table. Raises ValueError for a verdict that is none, or has no reason."""
    found = Verdict(
        each["source"],
        each["path"],
        int(each["line"]),
        each["rule"],
        each["verdict"],
        each["reader"],
        each["reason"],
        each.get("defect") or "",
        each.get("label") or "",
    )
    where = f"{found.source} {found.path}:{found.line} {found.rule}"
    if found.verdict not in VERDICTS:
        raise ValueError(f"{where}: {found.verdict!r} is none of {', '.join(VERDICTS)}")
    for said, known in ((found.defect, DEFECTS), (found.label, LABELS)):
        if said and said not in known:
            raise ValueError(f"{where}: {said!r} is none of {', '.join(known)}")
    if found.verdict != "right" and not found.reason:
        raise ValueError(f"{where}: {found.verdict} for what reason?")
    return found


def read_calibration(table: Path) -> list[Verdict]:
    """What readers said of labelled requests; each may be there several times."""
    return rows_of(table, verdict_of)


def read_verdicts(table: Path) -> list[Verdict]:
    """All verdicts. Raises ValueError where two differ about one finding."""
    verdicts = rows_of(table, verdict_of)
    said: dict[tuple[str, str, int, str], str] = {}
    for each in verdicts:
        if said.setdefault(each.key, each.verdict) != each.verdict:
            raise ValueError(f"two verdicts about {each.key}")
    return verdicts


Row = tuple[str, ...]


def counted(verdicts: Iterable[Verdict]) -> Row:
    """Read, right, arguable, wrong, and the share that is right."""
    said = [each.verdict for each in verdicts]
    counts = [said.count(name) for name in VERDICTS]
    share = f"{100 * counts[0] / len(said):.0f} %" if said else "-"
    return (str(len(said)), *map(str, counts), share)


def with_defects(verdicts: Iterable[Verdict]) -> Row:
    """Read, how often the defect stands there, is unclear and doesn't, its share, and the verdicts.

    What readers weren't asked about counts as unclear."""
    said = list(verdicts)
    counts = [sum(each.defect == name for each in said) for name in ("yes", "no")]
    share = f"{100 * counts[0] / len(said):.0f} %" if said else "-"
    read, *rest = counted(said)
    return (read, str(counts[0]), str(len(said) - sum(counts)), str(counts[1]), share, *rest)


Counted = Callable[[Iterable[Verdict]], Row]


def by(
    verdicts: Sequence[Verdict], name: Callable[[Verdict], str], count: Counted = counted
) -> list[Row]:
    names = sorted({name(each) for each in verdicts})
    return [(key, *count(each for each in verdicts if name(each) == key)) for key in names]


def totals(verdicts: Sequence[Verdict], count: Counted = counted) -> list[Row]:
    rest = [each for each in verdicts if each.rule not in RETIRED]
    return [("all", *count(verdicts)), ("but for model ids", *count(rest))]


HEAD = ("", "read", "right", "arguable", "wrong", "right")
HEAD_WITH_DEFECTS = ("", "read", "there", "unclear", "not there", "there", *HEAD[2:])


def summary(verdicts: Sequence[Verdict]) -> str:
    """The tables as text."""
    rows = [HEAD, *totals(verdicts), *by(verdicts, lambda each: each.rule)]
    rows += by(verdicts, lambda each: each.source)
    width = max(len(row[0]) for row in rows)
    lines = [row[0].ljust(width) + "".join(cell.rjust(10) for cell in row[1:]) for row in rows]
    lines += [
        f"{each.verdict}: {'  '.join(map(str, each.key))}: {each.reason}"
        for each in verdicts
        if each.verdict != "right"
    ]
    return "\n".join(lines)


PREFACE = """\
<!-- Written by benchmarks/accuracy.py --verdicts benchmarks/verdicts.tsv; edit that table. -->
# Accuracy

How often a finding on real code is right. Packages and repositories were chosen, and their list
was committed, before any of them was checked; none of them had been used to make the rules or
their tests. Each is checked with the default rules and without a configuration, and each finding
is read against the code by somebody who did not write the rule:

- **right**: what it says holds, and doing something about it would save money (or an error);
- **arguable**: what it says holds, but is of no use there, or hangs on what the code doesn't tell;
- **wrong**: what it says doesn't hold.

That is more than to ask whether a finding is true: of the defects that the labels of a corpus are
sure of, such readers call two thirds right. From the twenty-fourth list on they say as well whether
the defect stands in the code.

There are twenty-six lists, and their figures stand apart, each as the rules were when it was read.
The sources of [benchmarks/packages.tsv](../benchmarks/packages.tsv) were read first; what was wrong
there became tests and was mended, so they are no longer new to the rules. The next list was made of
other sources, and so on: [packages2.tsv](../benchmarks/packages2.tsv),
[packages3.tsv](../benchmarks/packages3.tsv), [packages4.tsv](../benchmarks/packages4.tsv),
[packages5.tsv](../benchmarks/packages5.tsv), [packages6.tsv](../benchmarks/packages6.tsv),
[packages7.tsv](../benchmarks/packages7.tsv), [packages8.tsv](../benchmarks/packages8.tsv),
[packages9.tsv](../benchmarks/packages9.tsv), [packages10.tsv](../benchmarks/packages10.tsv),
[packages11.tsv](../benchmarks/packages11.tsv), [packages12.tsv](../benchmarks/packages12.tsv),
[packages13.tsv](../benchmarks/packages13.tsv), [packages14.tsv](../benchmarks/packages14.tsv),
[packages15.tsv](../benchmarks/packages15.tsv), [packages16.tsv](../benchmarks/packages16.tsv),
[packages17.tsv](../benchmarks/packages17.tsv), [packages18.tsv](../benchmarks/packages18.tsv),
[packages19.tsv](../benchmarks/packages19.tsv), [packages20.tsv](../benchmarks/packages20.tsv),
[packages21.tsv](../benchmarks/packages21.tsv), [packages22.tsv](../benchmarks/packages22.tsv),
[packages23.tsv](../benchmarks/packages23.tsv), [packages24.tsv](../benchmarks/packages24.tsv),
[packages25.tsv](../benchmarks/packages25.tsv), [packages26.tsv](../benchmarks/packages26.tsv). The
seventh and eighth, and the ninth and tenth, were drawn by lot from one collection; the twelfth to
the fourteenth have only repositories that show a linter's configuration, a workflow or tests, and
those of the fourteenth are still worked on. The sources of the fifteenth were looked at before they
were checked: of 377 repositories and packages it has those that are one program, of which something
says how it is started, whose start leads to the requests, which use Claude as they are shipped, and
whose requests go in rounds, to a server's callers or over records. Two copies of repositories of
earlier lists were taken out when that was seen. Findings in the others, 147 sources that are no
list, were read and mended before. The sixteenth was chosen in the same way, 188 of some 330
repositories and packages; the seventeenth, checked once what the sixteenth taught was mended, has
207 of 596 packages that name `anthropic` among what they need, and Claude as what they ask if
nobody says otherwise. Findings in 318 sources that are no list were read and mended before the
sixteenth. The eighteenth is chosen like these, but for agents and conversations alone: 133 programs
that send a request again with what their tools answer, or with what was said before. Half of the
findings in 446 sources that were looked at for it and left out were read first, and mended. The
nineteenth is chosen as the fifteenth was: 132 of some 260 repositories, some of which were found
when earlier lists were made and left out for what those were about. Findings in 86 others of them
were read and mended before. The twentieth has 125 repositories, 92 of them programs with loops of
tools or kept talks of which something says how they are deployed, 33 others that earlier lists had
left over; 103 findings in 259 repositories that were looked at and left out were read before, and
some of it was mended, the rest together with what the list itself taught. The twenty-first has 64
repositories and 39 packages: programs of readable size with loops of tools or kept talks whose
start leads to them; 166 findings in 266 repositories that were looked at and left out were read and
mended before, and fourteen of the packages were added, before they were checked, once the others
had too few findings of anything but ids. Nobody chose among the sources of the twenty-second: it
has 633 packages, all that a random sample of what PyPI says of agents and assistants has that needs
the SDK, calls it and was in no list, less 267 that were read and mended before (103 of 150 findings
right). Most findings there that aren't right are about code that its package never comes to, or
that fails before it sends anything. The twenty-third has 97 repositories and 363 packages that
nobody chose for what their requests are like: all repositories of at most 150 modules that were
fetched when earlier lists were made, call Claude and were left over, and of another random sample
of packages those of at most 40 modules, or 100 where a calling file answers tools; 101 larger ones
of that sample and 52 packages with loops of tools were added, each part before any of it was
checked, as there were too few findings of anything but ids. Of its findings 85 % are right in
projects of up to 15 modules, 86 % in those of up to 40 and 76 % in larger ones. Two readers read 25
of them without knowing of each other, and agreed on all. The twenty-fourth has 660 packages: of
what that sample had left all whose calling files answer tools, and 250 others drawn by lot; of a
third one, packages that say they are about agents, assistants or models, those whose calling files
answer tools: 89, then 107 and 133 of up to 200 modules that need the SDK at least for an option.
Each part was added before any of it was checked, the later ones until 50 findings were about
something else than ids, while readers had begun with the first; four known frameworks and tools and
20 packages of more than 200 modules were left out. Its readers were asked whether the defect stands
there, too (below it is told how strict they are): they say so of 231 of 243 (95 %), and of 40 of
the 50 that are about no id (80 %); 74 % are right in the sense of the other lists. Of two of the
231 their own reasons say that the id reaches no request (chat-console's unreachable branch,
gpt-batch's demonstration that sends nothing), which by the words of the question isn't there:
without them it is 229, 94 %. 48 findings were read again by others, who agreed on what stands there
each time, and on 65 of 72 verdicts. The twenty-fifth and twenty-sixth were read with words that
were committed before their sources were, and with controls among the findings (below). The
twenty-fifth has 1,222 packages: all that were left of those that the index says to be about agents,
assistants or models. What they need and whether they call the SDK was looked at, and nothing else.
As few of its findings were about anything but ids, the twenty-sixth was made while it was being
read: 159 packages with a module that answers tools out of two other samples, committed whole before
it was checked. Both were checked with the rules as they were before anything of them was seen. The
defect stands in the code of 361 of 367 findings of the twenty-fifth (98 %) and of all 93 of the
twenty-sixth; of the 54 about no id it does in 50 (93 %). If half of the findings were about
something else than ids, as few lists have them, it would be 96 %. 83 % are right in the sense of
the other lists: most of the rest are ids in code that nothing calls, and defaults that whoever
calls replaces. 125 were read again by others, all of the 54 among them, and five of those twice:
they said the same of what stands there 127 of 130 times, unclear for there the other three (all
SKF201), and gave the same verdict 116 times. The first reading counts. SKF501 moved to preview
after the third list, SKF401 after the fourth, SKF306 after the fifth; then SKF201, SKF203, SKF303
and SKF601 kept what they are less sure of for `--preview`, and SKF501 came back with the form it is
sure of. SKF601 as a whole moved after the eighth, and SKF401 came back as SKF501 did; SKF303 kept
rows of a database for preview after the twelfth, SKF208 what no model would cache, SKF501 requests
that take several records and SKF402 what stands for a missing key after the fourteenth. SKF208 as a
whole moved after the sixteenth, and SKF201 keeps tasks of one or two tools or few rounds; before
the eighteenth talks and prompts alone as well, unless they are surely long. What else was found
wrong is mended, or stands here.

## What is missed

Readers who saw no finding labelled every request of three lists by reading the code
([labels9.tsv](../benchmarks/labels9.tsv),
[labels10.tsv](../benchmarks/labels10.tsv), [labels11.tsv](../benchmarks/labels11.tsv); kinds and
columns as `benchmarks/accuracy.py LABELS` takes them). So it can be said what the default rules
find of the defects that readers are sure of, and what they report where readers are sure that there
is nothing. The ninth list was measured first; what was learnt there was mended, and the tenth
measured with that; then what that taught was mended too, and the eleventh measured.

| defects readers are sure of | ninth list | mended | tenth list | mended | eleventh list |
| --- | ---: | ---: | ---: | ---: | ---: |
| K1 dynamic content in the cached prefix | - | - | 0 of 3 | 1 of 3 | 1 of 4 |
| K2 unbounded history | 5 of 15 | 15 of 15 | 7 of 14 | 11 of 14 | 10 of 25 |
| K3 over-powered model | 0 of 1 | 0 of 1 | 0 of 3 | 0 of 3 | 0 of 4 |
| K4 missing caching | 7 of 14 | 10 of 14 | 9 of 24 | 12 of 24 | 15 of 38 |
| K5 sequential calls that could be a batch | 1 of 14 | 8 of 14 | 0 of 21 | 11 of 21 | 2 of 21 |
| K6 deprecated or retired model | 99 of 117 | 113 of 117 | 93 of 112 | 104 of 112 | 192 of 209 |
| K7 broken cache settings | 1 of 10 | 6 of 10 | 0 of 8 | 3 of 8 | 7 of 25 |
| reported where surely nothing is | 0 at 262 | 0 at 262 | 1 at 296 | 1 at 296 | 4 at 471 |

What stands under "mended" was learnt from these labels, and says little about the next list: the
column "eleventh list" is what to expect there.

The verdicts of the ninth and tenth list are the labels of the requests that a finding names, and
those of one more reader where no label speaks of it. Each finding of the later ones was read by
itself. Most of what is arguable in the eleventh is a retired model in code that nothing runs: ten
numbered copies of one program, nine places in modules that can't be imported. In the twelfth ten
are probes of which models are served, six a bot that another one has taken the place of; in the
thirteenth, checked after the twelfth was read, it is fallbacks behind a setting and classes that
only tests make; in the fourteenth parts of a program that another one has taken the place of, and
markers on prompts that are so short that nothing is to be gained there. In the fifteenth they are
fallbacks that all callers hand another model for, talks that somebody types, and markers on what a
schedule sends; in the sixteenth tasks that are done with one call of a tool, prompts hardly above
what the model caches from, and markers on short prompts; in the seventeenth fallbacks and code that
nothing runs, and rejections that the code itself answers by leaving out what is refused; in the
eighteenth ids that a script asks one after the other to see which are served, talks that keep only
what is said, routes that the project's own pages no longer call, and tasks that are mostly done in
one or two rounds. In the twentieth, the largest programs so far, they are modules that nothing
leads to any more, a script that was run once, replies that a plain client's code tries to await,
and talks that another class or a clock makes shorter; in the twenty-first programs in packages that
no page names, probes of models, fallbacks that whoever calls keeps from being taken, and what the
project's own pages call shelved. In the twenty-third they are defaults that every maker in the
package replaces, loops whose prompt hardly reaches what the model caches from, programs that fail
before they send anything (two templates lack a field), and parts that are switched off as they are
shipped. In the twenty-fourth what isn't there are a queue that is emptied as it is handed over, an
overlap taken for a window, a set that only says what is taken out, a marker that a condition adds
for one of two clients, a rejection told by its text, a branch that its own table rules out, an id
that is replaced where the client is made (these seven are mended), markers in the few places that a
helper picks, a loop whose second round raises, and an id that is only handed to what makes a
client. In the twenty-fifth they are one block that a retry hands on without another field, a way of
counting that a condition asks for by its name (both are mended), the entry of a table for a service
that the program then refuses, an id that a setting always takes the place of, and an empty text
that only who makes the object by hand would send. In all lists no reader had a use for what SKF104
told, 14 times.

`python benchmarks/accuracy.py --findings LIST.. --packages DIR --repositories DIR` prints the
findings with the code around them;
[benchmarks/verdicts.tsv](../benchmarks/verdicts.tsv) has what was said of each. Findings about
model ids are the most and the easiest, so the figure without them stands beside the other.
"""


STRICTNESS = """\
## How strict the readers are

A verdict is about use: it is only right where somebody who does what the finding says is better off
in the program as it is run today. What the labels of the corpus that skinflint is measured with
call a defect is less than that: a retired id in a default, whoever replaces it; a loop without a
cache in a script that nobody names. To see how far the two are apart, readers were given requests
of that corpus as findings, mixed and without a word about the labels: 45 defects that its labels
are sure of, and for 28 requests a finding that their labels say is not there
([benchmarks/calibration.tsv](../benchmarks/calibration.tsv)). Each labelled defect was read twice,
by readers who knew nothing of each other.

Two thirds of what is a defect for sure is right in that sense. A linter that found exactly what is
labelled, and nothing else, would have 67 % on this page: that is what the shares of the lists up to
the twenty-third are to be held against, not 100 %.

So the readers of the twenty-fourth list, and of the second half of this experiment, answered a
second question, the one that the labels answer: does the defect that the finding names stand in the
code of this site, yes (**there**), no (**not there**), or does it hang on what neither code nor
pages tell (**unclear**)? The site is judged, not the fortunes of the project: that something else
stops the program before, that it prefers another provider, or that all callers hand in something
else decides about the verdict alone. A bound, a cut or a marker elsewhere, a prefix that is too
short, a loop that ends by itself, an id that no request is built from: then it isn't there. With
that question the readers say what the labels say, on both sides. It was worded by who knew the
labels, once part of the verdicts on them had been read, and tried on the same requests; the readers
of that half were told that some of the findings are true and some are not. So the table shows that
the first question asks for more than the labels do, and not how well the second one does elsewhere:
"""


CONTROLS = """\
For the twenty-fifth and twenty-sixth list the words were fixed before the sources were
([benchmarks/reading.md](../benchmarks/reading.md)), and the question was tried anew: 35 of what
their readers got were no findings of skinflint, but requests of the lists that were labelled by
people who saw no finding, put as the finding that their label is sure of, or as one that it says
isn't there ([benchmarks/controls.tsv](../benchmarks/controls.tsv)). No reader was told, and none of
these labels had been used to word anything. All are about talks without a bound, missing caches and
calls that could be a batch, which are harder to judge than ids. What isn't there was never called
so; where the two differ, readers asked for more than the labels did:
"""


def lists_in(folder: Path) -> dict[str, str]:
    """Each listed source with the list it is in."""
    return {
        source: name
        for name in LISTS
        for source in rows_of(folder / name, lambda each: each["source"])
    }


def strictness(calibration: Sequence[Verdict]) -> list[str]:
    """How readers judge what labels are sure of, and what labels say isn't there."""
    rows: list[Row] = []
    for label, name in zip(
        LABELS, ("a defect that is labelled", "none by its labels"), strict=True
    ):
        own = [each for each in calibration if each.label == label]
        verdict, asked = counted(own), [each for each in own if each.defect]
        rows.append((name, *verdict[:4], *with_defects(asked)[:4]))
    head = ("request with", "read", "right", "arguable", "wrong", "asked", *HEAD_WITH_DEFECTS[2:5])
    return table(head, rows)


def render(
    verdicts: Sequence[Verdict],
    lists: Mapping[str, str],
    calibration: Sequence[Verdict] = (),
    controls: Sequence[Verdict] = (),
) -> str:
    """The page about them. A source that no list names counts with the first."""
    if not verdicts:
        return f"{PREFACE}\nNone has been read yet.\n"
    names = {rule.id: f"[{rule.id} {rule.name}](rules/{rule.name}.md)" for rule in all_rules()}
    parts = [PREFACE]
    if calibration:
        parts += [STRICTNESS, *strictness(calibration), ""]
    if controls:
        parts += [CONTROLS, *strictness(controls), ""]
    for name in LISTS:
        own = [each for each in verdicts if lists.get(each.source, LISTS[0]) == name]
        if own:
            asked = any(each.defect for each in own)
            head, count = (HEAD_WITH_DEFECTS, with_defects) if asked else (HEAD, counted)
            parts += [f"## By rule, {name}", ""]
            rows = by(own, lambda each: names.get(each.rule, each.rule), count)
            parts += [*table(("rule", *head[1:]), [*rows, *totals(own, count)]), ""]
    parts += ["## By package and version", ""]
    parts += table(("source", *HEAD[1:]), by(verdicts, lambda each: each.source))
    for verdict in ("wrong", "arguable"):
        said = sorted((each for each in verdicts if each.verdict == verdict), key=lambda e: e.key)
        if said:
            parts += ["", f"## {verdict.capitalize()}", ""]
            parts += [
                f"- {each.rule}, {each.source}, `{each.path}:{each.line}`: {each.reason}"
                for each in said
            ]
    return "\n".join(parts) + "\n"


def table(head: Row, rows: Iterable[Row]) -> list[str]:
    rule = ["---", *("---:" for _ in head[1:])]
    return [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]
