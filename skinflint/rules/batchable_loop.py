"""SKF501: independent requests sent one after another while nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import ClassVar

from skinflint.catalog import surfaces, tasks
from skinflint.linter.findings import Cost, Finding
from skinflint.linter.request import Pair, PairKind, Repeats, Request, Use, parts_of
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Known, Unknown, Value, alternatives
from skinflint.rules.base import Context, Example, Rule

#: Where a reply is due soon: for somebody, or before the next round of a schedule.
_IN_TIME = (Repeats.TURNS, Repeats.REQUEST, Repeats.SCHEDULED)
_SOMEBODY = (PairKind.USER, PairKind.TURN, PairKind.CONVERSATION)

#: A loop over fewer records than this isn't worth the detour.
_FEW = 10

_SUMMARIES = """\
import csv
import json
import time

import anthropic

client = anthropic.Anthropic()

TASK = "Sum up this complaint in one sentence and name the product it is about."


def summarise(complaint: str) -> str:
    reply = client.messages.create(  # <-
        model="claude-sonnet-5-5",
        max_tokens=200,
        system=TASK,
        messages=[{"role": "user", "content": complaint}],
    )
    return reply.content[0].text


def main() -> None:
    with open("complaints.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    summaries = {}
    for row in rows:
        summaries[row["id"]] = summarise(row["text"])
        time.sleep(0.5)  # stay below the rate limit
        print(f"{len(summaries)} of {len(rows)}")
    with open("summaries.json", "w") as file:
        json.dump(summaries, file)


if __name__ == "__main__":
    main()
"""

_POOL = """\
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anthropic

client = anthropic.Anthropic()


def tagged(path: Path) -> dict[str, str]:
    reply = client.messages.create(  # <-
        model="claude-haiku-5-5",
        max_tokens=50,
        system="Give the main subject of this letter in three words at most.",
        messages=[{"role": "user", "content": path.read_text()}],
    )
    return {"letter": path.name, "subject": reply.content[0].text}


if __name__ == "__main__":
    with ThreadPoolExecutor(max_workers=8) as pool:
        jobs = [pool.submit(tagged, path) for path in sorted(Path("letters").glob("*.txt"))]
    with open("subjects.json", "w") as file:
        json.dump([job.result() for job in jobs], file)
"""

_NEEDED = """\
import anthropic
from fastapi import FastAPI

client = anthropic.Anthropic()
app = FastAPI()


def ask(text: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=200,
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].text


def continue_story(chapters: list[str]) -> str:
    story = ""
    for chapter in chapters:
        story += ask(f"So far: {story}\\n\\nWrite the chapter {chapter}.")
    return story


def first_that_fits(candidates: list[str]) -> str | None:
    for candidate in candidates:
        if ask(f"Is this a name for a boat? {candidate}").startswith("Yes"):
            return candidate
    return None


def persist(path: str) -> str:
    for attempt in range(3):
        try:
            return ask(open(path).read())
        except anthropic.RateLimitError:
            continue
    return ""


@app.post("/describe")
def describe(photos: list[str]) -> list[str]:
    return [ask(f"Describe {photo}.") for photo in photos]
"""

_ALREADY = """\
import asyncio
from concurrent.futures import ThreadPoolExecutor

import anthropic

client = anthropic.Anthropic()
waiting = anthropic.AsyncAnthropic()


async def translate(line: str) -> str:
    reply = await waiting.messages.create(
        model="claude-haiku-5-5",
        max_tokens=400,
        messages=[{"role": "user", "content": f"Translate: {line}"}],
    )
    return reply.content[0].text


async def translate_all(lines: list[str]) -> list[str]:
    return await asyncio.gather(*[translate(line) for line in lines])


def tag(text: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=20,
        messages=[{"role": "user", "content": f"One tag for: {text}"}],
    )
    return reply.content[0].text


def tag_all(texts: list[str]) -> list[str]:
    with ThreadPoolExecutor() as pool:
        futures = [pool.submit(tag, text) for text in texts]
        return [future.result() for future in futures]
"""


class BatchableLoop(Rule):
    """A loop over records sends one request after the other, and nobody waits for the replies.

    ## What it does
    Reports a request inside a loop over records (rows, files, pieces of a list, cases of an
    evaluation), directly or in a helper, where no round needs anything of an earlier one: no reply
    flows into a later request, decides whether there is one, or ends the loop; or all of them are
    handed to a pool, or gathered, at once. It keeps quiet where somebody waits (a handler, a chat,
    a prompt on the terminal, a command that names each record, a query that is held against each
    record, a notebook, a page that is opened when all is done), where each record is asked about
    what another request has said of it, where replies are streamed or handed on as they come, where
    the time that each one takes is measured, in tool loops, where a marked prefix is read (in a
    batch that is best effort), on services without batches, and whenever a dependence can't be
    ruled out: a database that is written and read, an attribute that is carried from round to
    round. A retry loop is no loop over records; one that stands inside of such a loop changes
    nothing, as what failed goes into the next batch.

    By default it reports what one script does alone, which nothing else runs or starts, in a
    project that sends no batches to Claude yet, where the code shows that there are many records
    and that a long run is reckoned with. The records come from a folder, a file, a dataset or a
    table, or page by page, and all of them are taken, or at least 50. It pauses between the
    requests, draws a bar, or passes over what an earlier run has done. Where what comes out is
    written to a file or a database, these count too: each round tells how far it is, the calls run
    side by side, a large number of records is written out; loop and request may stand in several
    files then; a script that a schedule starts (a workflow, a line of a crontab) may have its
    records from anywhere; and a whole data set, all files of a folder or all rows of a table, needs
    no other sign. The cases on which a program is tried are few, mostly, and whoever has changed
    something waits for the marks: a file or folder called after that (`evals`, `eval_replies.py`)
    is told of in preview, and so is a script that a deployed project starts nowhere and that none
    of its pages names: it was run once, mostly. `--preview` tells of other loops as well, and of
    requests that a page or a bot sends too, of requests that take several records at once, and of
    those that go to whichever maker's model is chosen: there, how many requests there are, and
    whether somebody waits for the last of them, is seldom in the code.

    ## Why it costs
    The Batches API answers the same requests at half the price of everything, cached tokens
    included. Most batches are done within an hour; the promise is 24. A support desk that batched
    three quarters of its work and cached the rest went from 40,200 to 11,500 dollars a month
    (published in 2026).

    ## Example
    A script that sums up a file of complaints.

    ## Use instead
    Collect the requests, each with a `custom_id`, hand them to `client.messages.batches.create` and
    fetch the results when the batch has ended. Results come in any order. Where the requests share
    a long prefix, mark it with a ttl of one hour.

    ## Fix safety
    There is no fix yet: the loop becomes two halves, and what happens between them is a decision.

    ## References
    - Batch processing, Anthropic documentation (2026-08-14):
      https://platform.claude.com/docs/en/build-with-claude/batch-processing
    - The support desk: https://pintoedai.com
    """

    id = "SKF501"
    name = "batchable-loop"
    summary = "A loop sends independent requests singly, at twice the price of a batch"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A script that works through a file", bad=_SUMMARIES),
        Example("A script that hands a folder to a pool", bad=_POOL),
        Example("Rounds that need each other, or that somebody waits for", good=_NEEDED),
        Example("Calls that run side by side, for whoever asks", good=_ALREADY),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """At most one finding: about the innermost loop over records."""
        pair = _loop(request)
        if pair is None or not (context.preview or _is_sure(request, pair)):
            return
        price = context.facts.cache.batch
        how = "side by side" if pair.side_by_side else "one by one"
        yield self.finding(
            request,
            request.site.span,
            f"These requests don't need each other's replies and nobody waits for them, yet they "
            f"are sent {how} {pair.label}: a batch takes them together at "
            f"{price:.0%} of the price.",
            related=(
                *pair.evidence,
                *_long(request, pair),
                Step(Role.SINK, request.site.span, "one request per record"),
            ),
            confidence=pair.confidence,
            pair=pair.label,
            cost=Cost(round(1 / price, 2), "all requests of the loop sent as one batch"),
            no_fix=(
                "Collect the requests and hand them to `messages.batches.create`; the replies come "
                "within 24 hours, in any order, each under its `custom_id`."
            ),
            identity=(self.id, request.site.span),
        )


def _loop(request: Request) -> Pair | None:
    """The loop over records whose requests could go out as a batch."""
    if not _could_be_in_a_batch(request) or not _nobody_waits(request):
        return None
    pair = next((p for p in request.pairs if p.kind is PairKind.RECORD), None)
    if pair is None or not pair.independent or not _alone(request, pair):
        return None
    return None if pair.rounds is not None and pair.rounds < _FEW else pair


def _could_be_in_a_batch(request: Request) -> bool:
    """Whether the service has batches and takes such a request in one."""
    facts = surfaces.load()
    fact = facts.method(tuple(request.site.method.split(".")))
    client = facts.client(request.site.client)
    if not request.site.platform.first_party or fact is None or not fact.sends or fact.batch:
        return False
    if "messages" not in request.site.method.split("."):
        return False  # batches take no text completions
    if client is not None and "batches" in client.lacks:
        return False
    if fact.stream == "always" or request.unseen:
        return False
    for name in ("stream", "speed", "thread"):
        value = request.params.get(name)
        if value is not None and not all(
            isinstance(each, Known) and not each.value for each in alternatives(value)
        ):
            return False
    # Caching in batches is best effort: what reads a marked prefix may lose more than it gains.
    return request.conversation is None and not request.breakpoints


def _nobody_waits(request: Request) -> bool:
    """Whether it is sure that nobody waits for the reply, and that it isn't due soon."""
    repetition = request.repetition
    if repetition.waiting is not False or repetition.kind in _IN_TIME:
        return False
    if request.site.span.path.endswith(".ipynb"):
        return False  # whoever runs the cell looks at what comes out of it
    return not any(pair.kind in _SOMEBODY for pair in request.pairs)


def _alone(request: Request, record: Pair) -> bool:
    """Whether each record takes one request: no tool loop, no rounds over one record.

    Attempts at one reply are no rounds: what failed goes into the next batch.
    """
    if any(_was_said(leaf) for block in request.blocks for leaf, _ in parts_of(block.value)):
        return False  # each waits for what another request of its round says
    return request.task.use is not Use.AGENT_LOOP and not any(
        pair.inner and pair.depth > record.depth and not (pair.independent or pair.retry)
        for pair in request.pairs
    )


def _is_sure(request: Request, record: Pair) -> bool:
    """Whether a script of its own goes through stored records, and reckons with a long run.

    What a handler sends as well may be meant for it: the loop only tries it out, or goes ahead.
    """
    if not _long(request, record) or request.repetition.shared:
        return False
    return not (_is_of_an_evaluation(request, record) or request.by_hand())


def _is_of_an_evaluation(request: Request, record: Pair) -> bool:
    """Whether the loop goes through cases on which a program is tried, by where it stands.

    They are few, mostly, and whoever has changed something waits for the marks.
    """
    facts = tasks.load()
    paths = (PurePath(request.within(step.span.path)) for step in record.evidence)
    return any(facts.tries(name) for path in paths for name in (path.stem, path.parent.name))


def _long(request: Request, record: Pair) -> tuple[Step, ...]:
    """What shows that it goes on for long: here, or in a loop around it (all files, each line)."""
    around = (p for p in request.pairs if p.kind is PairKind.RECORD and p.independent)
    return record.long or next((pair.long for pair in around if pair.long), ())


def _was_said(leaf: Value) -> bool:
    """Whether a part of the prompt is the reply to another request."""
    return isinstance(leaf, Unknown) and leaf.entry == "model reply"
