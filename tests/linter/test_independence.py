"""Whether the rounds of a loop over records need each other."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from reading import HEAD, sent

from skinflint.linter.request import Pair, PairKind

ASK = """
def ask(text):
    reply = client.messages.create(
        model="claude-opus-5-5", max_tokens=9, messages=[{"role": "user", "content": text}]
    )
    return reply.content[0].text
"""


def record(text: str) -> Pair:
    """The pair of the loop over records around the first request of a module."""
    for request in sent(HEAD + dedent(text)):
        for pair in request.pairs:
            if pair.kind is PairKind.RECORD:
                return pair
    raise AssertionError("no loop over records")


def loop(body: str, before: str = "", rows: str = "rows") -> Pair:
    """The pair of ``for row in rows:`` with this body, in a function with ``ask`` at hand."""
    lines = f"{dedent(before)}\nfor row in {rows}:\n{indent(dedent(body), '    ')}"
    return record(f"{ASK}\ndef work(rows, db, out):\n{indent(lines, '    ')}\n")


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("found = []", "found.append(ask(row['text']))"),
        ("found = {}", "found[row['id']] = ask(row['text'])"),
        ("n = 0", "n += 1\nprint(n, ask(f'{n}: {row}'))"),
        ("", "text = open(row).read()\nopen(row + '.out', 'w').write(ask(text))"),
        ("seen = set()", "if row in seen:\n    continue\nseen.add(row)\nout.write(ask(row))"),
        ("", "answer = ask(row)\nif answer == 'yes':\n    out.write(row)\nelse:\n    continue"),
        ("total = 0", "reply = ask(row)\ntotal += len(reply)\nprint(total)"),
        ("", "try:\n    out.write(ask(row))\nexcept KeyError:\n    break"),
        ("", "db.execute('update notes set sum = ?', (ask(row.text), row.id))"),
        ("text = ''", "text = f'About {row}'\ntext = ask(text)\nout.write(text)"),
    ],
)
def test_rounds_that_need_nothing_of_each_other(before: str, body: str) -> None:
    pair = loop(body, before)
    assert (pair.independent, pair.needs) == (True, ())


@pytest.mark.parametrize(
    ("before", "body", "why"),
    [
        ("story = ''", "story += ask(story + row)", "`story` brings along"),
        ("last = ''", "last = ask(f'{last} {row}')", "`last` brings along"),
        ("said = []", "said.append(ask(row + str(said)))", "`said` brings along"),
        ("", "if ask(row) == 'yes':\n    break", "the loop ends here"),
        ("", "answer = ask(row)\nif answer:\n    return answer", "the loop ends here"),
        ("cost = 0", "cost += len(ask(row))\nif cost > 9:\n    break", "the loop ends here"),
        (
            "done = []",
            "if len(done) > 3:\n    continue\ndone.append(ask(row))",
            "whether it is sent",
        ),
        ("", "old = db.find(row.id)\ndb.save(ask(old + row.text))", "`old` brings along"),
        ("best = ''", "best = ask(row + best) or best", "`best` brings along"),
        ("notes = {}", "hint = notes.get('hint')\nnotes['hint'] = ask(f'{hint}{row}')", "`hint`"),
    ],
)
def test_rounds_that_need_each_other(before: str, body: str, why: str) -> None:
    pair = loop(body, before)
    assert pair.independent is False
    assert why in pair.needs[0].label


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("print(pool.submit(ask, row).result())", "side by side"),
        ("yield ask(row)", "handed on"),
        ("known = load_notes()\nkeep_note(ask(known + row))", "may read"),
    ],
)
def test_what_cannot_be_told(body: str, why: str) -> None:
    pair = loop(body)
    assert pair.independent is None
    assert why in pair.needs[0].label


@pytest.mark.parametrize(
    ("before", "body", "measured"),
    [
        ("", "start = time.time()\nask(row)\nend = time.time()\nprint(end - start)", True),
        ("", "start = perf_counter()\nask(row)\nprint(f'{perf_counter() - start:.2f} s')", True),
        ("", "out.write(timed(row))", True),
        ("start = time.time()", "ask(row)\nprint(time.time() - start)", False),
        ("", "start = time.time()\nask(row)\nprint(start)", False),
        (
            "told = time.time()",
            "ask(row)\nif time.time() - told > 9:\n    print(row)\n    told = time.time()",
            False,
        ),
    ],
)
def test_what_measures_each_reply_is_no_batch(before: str, body: str, measured: bool) -> None:
    timed = """
    def timed(row):
        begun = time.monotonic()
        text = ask(row)
        return text, time.monotonic() - begun
    """
    lines = f"{before}\nfor row in rows:\n{indent(body, '    ')}"
    code = f"{ASK}\n{dedent(timed)}\ndef work(rows, out):\n{indent(lines, '    ')}\n"
    pair = record("import time\nfrom time import perf_counter\n" + code)
    assert pair.independent is (None if measured else True)
    assert [step.label for step in pair.needs] == (
        ["the time that a reply takes is measured"] if measured else []
    )


def test_a_loop_over_arrivals_is_no_batch() -> None:
    assert loop("out.write(ask(row))", rows="db.listen()").independent is None


def test_state_on_an_object_is_carried_along() -> None:
    pair = record(
        """
        class Writer:
            def __init__(self):
                self.story = ""

            def write(self, row):
                reply = client.messages.create(
                    model="claude-opus-5-5",
                    max_tokens=9,
                    messages=[{"role": "user", "content": f"{self.story} {row}"}],
                )
                self.story += reply.content[0].text

        def work(rows):
            writer = Writer()
            for row in rows:
                writer.write(row)
        """
    )
    assert pair.independent is False
    assert "`self.story`" in pair.needs[0].label


def test_state_in_a_global_is_carried_along() -> None:
    pair = record(
        """
        LAST = ""

        def ask(row):
            global LAST
            reply = client.messages.create(
                model="claude-opus-5-5",
                max_tokens=9,
                messages=[{"role": "user", "content": LAST + row}],
            )
            LAST = reply.content[0].text

        def work(rows):
            for row in rows:
                ask(row)
        """
    )
    assert pair.independent is False


def test_what_an_object_only_counts_is_no_dependence() -> None:
    pair = record(
        """
        class Tagger:
            def __init__(self):
                self.used = 0

            def tag(self, row):
                reply = client.messages.create(
                    model="claude-opus-5-5",
                    max_tokens=9,
                    messages=[{"role": "user", "content": row}],
                )
                self.used += reply.usage.output_tokens
                return reply.content[0].text

        def work(rows):
            tagger = Tagger()
            return [tagger.tag(row) for row in rows]
        """
    )
    assert pair.independent is True


@pytest.mark.parametrize(
    ("work", "independent"),
    [
        ("return await asyncio.gather(*[ask(row) for row in rows])", True),
        ("asked = [asyncio.create_task(ask(row)) for row in rows]\nreturn asked", True),
        (
            "asked = []\nfor row in rows:\n    asked.append(ask(row))\n"
            "await asyncio.gather(*asked)",
            True,
        ),
        ("for row in rows:\n    asyncio.create_task(ask(row))", True),
        # each waits for the one before, or for those of its own round
        ("for row in rows:\n    task = asyncio.create_task(ask(row))\n    await task", None),
        ("for row in rows:\n    await asyncio.gather(ask(row), ask(row[1:]))", None),
        ("for row in rows:\n    await both(row)", None),
    ],
)
def test_rounds_that_are_started_together_need_nothing_of_each_other(
    work: str, independent: bool | None
) -> None:
    head = """
    import asyncio

    async def ask(row):
        return await client.messages.create(
            model="claude-opus-5-5",
            max_tokens=9,
            messages=[{"role": "user", "content": row}],
        )

    async def both(row):
        return await asyncio.gather(ask(row), ask(row[1:]))

    async def work(rows):
    """
    pair = record(f"{dedent(head).rstrip()}\n{indent(work, '    ')}\n")
    assert pair.independent is independent
    assert pair.side_by_side


@pytest.mark.parametrize(
    ("submits", "independent"),
    [
        ("for row in rows:\n    asked.append(pool.submit(ask, row))", True),
        ("asked = {pool.submit(ask, row): row for row in rows}", True),
        ("for row in rows:\n    asked.append(pool.submit(ask, row).result())", None),
    ],
)
def test_what_a_pool_is_handed(submits: str, independent: bool | None) -> None:
    code = f"{ASK}\ndef work(rows, pool):\n    asked = []\n{indent(submits, '    ')}\n"
    assert record(code).independent is independent


def test_a_list_that_is_gone_through_by_its_places_is_one_of_records() -> None:
    pieces = """
    def work(rows):
        for start in range(0, len(rows), 20):
            part = rows[start : start + 20]
            print(ask(str(part)))
    """
    assert record(ASK + dedent(pieces)).independent is True
    one = "\ndef work(rows):\n    for i in range(len(rows)):\n        print(ask(rows[i]))\n"
    assert record(ASK + one).independent is True
    with pytest.raises(AssertionError):
        record(f"{ASK}\ndef work(rows):\n    for i in range(len(rows)):\n        ask('Go on.')\n")


def test_samples_of_one_reply_need_nothing_of_each_other() -> None:
    text = """
    def work(row, n):
        said = []
        for _ in range(n):
            said.append(ask(row))
        return said
    """
    kinds = {
        pair.kind: pair.independent
        for request in sent(HEAD + ASK + dedent(text))
        for pair in request.pairs
    }
    assert kinds[PairKind.LOOP] is True


NOTES = """
def described(row):
    mark = known()
    text = read(row)
    return client.messages.create(
        model="claude-opus-5-5", max_tokens=9, messages=[{"role": "user", "content": SENT}]
    ).content[0].text


def work(rows):
    for row in rows:
        keep(described(row))


def read(row):
    with open(row, "rb") as file:
        return base64.b64encode(file.read())


def known():
    with open("known.txt") as file:
        return load_all(file)


def keep(text):
    send_on(text)
"""


@pytest.mark.parametrize(("content", "independent"), [("text", True), ("text + mark", None)])
def test_what_a_helper_reads_of_the_record_is_no_earlier_reply(
    content: str, independent: bool | None
) -> None:
    assert record("import base64\n" + NOTES.replace("SENT", content)).independent is independent


HANDED = """
def draft(client, text):
    reply = client.messages.create(
        model="claude-opus-5-5", max_tokens=9, messages=[{"role": "user", "content": text}]
    )
    return reply.content[0].text


def checked(client, text):
    USE
    return client.messages.create(
        model="claude-opus-5-5", max_tokens=9, messages=[{"role": "user", "content": text}]
    ).content[0].text


def work(rows):
    client = anthropic.Anthropic()
    for row in rows:
        print(checked(client, draft(client, row)))
"""


@pytest.mark.parametrize(("use", "independent"), [("pass", True), ("client.notes = text", False)])
def test_a_client_that_is_handed_on_keeps_no_reply(use: str, independent: bool) -> None:
    assert record(HANDED.replace("USE", use)).independent is independent
