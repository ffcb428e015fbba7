"""Moving parts of a text behind the newest user turn."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from mending import PROLOGUE, Ran, find, mended, requests, source

from skinflint.fixers.plan import Declined
from skinflint.linter.findings import MoveToTurn
from skinflint.linter.source import SourceFile

HEAD = f"""\
import uuid
from datetime import datetime, timezone

{PROLOGUE}
RULES = "Never promise a refund."


def ask(question: str, city: str, rows: list):
"""
CREATE = 'client.messages.create(model="claude-sonnet-5-5", max_tokens=99, '
CALLS = 'ask("How late is it?", "Rome", [])\n'


class Clock:
    """A clock that stands still, so that two runs say the same."""

    @staticmethod
    def now(zone: object = None) -> Clock:
        return Clock()

    def strftime(self, form: str) -> str:
        return "12:30"

    def isoformat(self, **kind: str) -> str:
        return "2026-11-22T12:30"

    def __str__(self) -> str:
        return "2026-11-22 12:30"


def code(body: str) -> SourceFile:
    inside = textwrap.indent(textwrap.dedent(body).replace("CREATE(", CREATE), "    ")
    return source(HEAD + inside.lstrip("\n"))


def move(
    file: SourceFile,
    *moved: int,
    whole_lines: bool = True,
    wraps: tuple[tuple[int, int], ...] = (),
    sentences: bool = False,
) -> MoveToTurn:
    """The operation that moves terms of the system text behind the text of the newest turn."""
    request = requests(file)[0]
    system = next(b for b in request.blocks if b.place.value == "system" and len(b.terms) > 1)
    turn = [b for b in request.blocks if b.role == "user"][-1]
    assert system.text is not None
    assert turn.text is not None
    return MoveToTurn(
        system.span,
        system.text,
        tuple(term.span for term in system.terms),
        moved,
        turn.text,
        turn.form.value,
        whole_lines,
        wraps,
        sentences,
    )


def sent(text: str) -> tuple[str, Any]:
    """What is sent as system and as the newest turn, with a clock that stands still."""
    text = text.replace("from datetime import datetime, timezone\n", "timezone = None\n")
    ran = Ran(text, CALLS, {"datetime": Clock})
    arguments = ran.client.sent[-1]
    content = arguments["messages"][-1]["content"]
    if not isinstance(content, str):
        content = [block["text"] for block in content]
    return "".join(ran.texts()), content


def turn_only(body: str, system: str) -> SourceFile:
    return code(body.replace("SYSTEM_TEXT", system))


PLAIN = """
    return CREATE(system=SYSTEM_TEXT, messages=[{"role": "user", "content": question}])
"""


@pytest.mark.parametrize(
    ("system", "moved", "rest", "said"),
    [
        (r'f"Be brief.\n\nIt is {datetime.now():%H:%M}.\n\n{RULES}"'.replace(":%H:%M", ""), (1,),
         "Be brief.\n\nNever promise a refund.", "It is 2026-11-22 12:30."),
        (r'f"Be brief.\nNow: {datetime.now()}"', (1,), "Be brief.", "Now: 2026-11-22 12:30"),
        (r'f"Now: {datetime.now()}\n\nBe brief."', (1,), "Be brief.", "Now: 2026-11-22 12:30"),
        (r'f"Be brief.\nNow: {datetime.now()}, in {city}.\nBe kind."', (1, 3),
         "Be brief.\nBe kind.", "Now: 2026-11-22 12:30, in Rome."),
        (r'f"Be brief.\nNow: {datetime.now()}\nCity: {city}\nBe kind."', (1, 3),
         "Be brief.\nBe kind.", "Now: 2026-11-22 12:30\nCity: Rome"),
        (r'f"Now: {datetime.now()}\nBe brief.\nCity: {city}"', (1, 3),
         "Be brief.", "Now: 2026-11-22 12:30\nCity: Rome"),
        (r'"Be brief.\n\n" + datetime.now().isoformat() + "\n\n" + RULES', (1,),
         "Be brief.\n\nNever promise a refund.", "2026-11-22T12:30"),
        (r'SYSTEM + f"\n\nNow: {datetime.now(timezone.utc).strftime("%H:%M")}"'.replace(
            '"%H:%M"', "'%H:%M'").replace("timezone.utc", "timezone"), (2,),
         "You are the support agent of a shop. Be brief and friendly.", "Now: 12:30"),
        (r'"\n".join([SYSTEM, f"{datetime.now()}", RULES])', (1,),
         "You are the support agent of a shop. Be brief and friendly.\nNever promise a refund.",
         "\n2026-11-22 12:30"),
    ],
)  # fmt: skip
def test_moved(system: str, moved: tuple[int, ...], rest: str, said: str) -> None:
    file = turn_only(PLAIN, system)
    after = mended(file, move(file, *moved))
    text, turn = sent(after)
    assert text == rest
    assert turn == "How late is it?\n\n" + said


TURNS = {
    "name": ('[{"role": "user", "content": question}]', "How late is it?\n\nNow: X"),
    "f-string": (
        '[{"role": "user", "content": f"Q: {question}"}]',
        "Q: How late is it?\n\nNow: X",
    ),
    "condition": (
        '[{"role": "user", "content": question if city else "none"}]',
        "How late is it?\n\nNow: X",
    ),
    "sum on lines": (
        '[{"role": "user", "content": (\n        "Q: "\n        + question\n    )}]',
        "Q: How late is it?\n\nNow: X",
    ),
    "blocks": (
        '[{"role": "user", "content": [{"type": "text", "text": question}]}]',
        ["How late is it?", "Now: X"],
    ),
    "blocks on lines": (
        '[{"role": "user", "content": [\n        {"type": "text", "text": "D"},\n'
        '        {"type": "text", "text": question},\n    ]}]',
        ["D", "How late is it?", "Now: X"],
    ),
}


@pytest.mark.parametrize("turn", sorted(TURNS))
def test_turns(turn: str) -> None:
    messages, said = TURNS[turn]
    file = code(f"""
    return CREATE(system=f"Be brief.\\nNow: {{datetime.now()}}", messages={messages})
    """)
    after = mended(file, move(file, 1))
    text, content = sent(after)
    assert text == "Be brief."
    shown = "2026-11-22 12:30"
    assert content == (
        said.replace("X", shown) if isinstance(said, str) else [s.replace("X", shown) for s in said]
    )


def test_from_a_name_of_its_own() -> None:
    file = code(r"""
    system = SYSTEM
    system += f"\n\nNow: {datetime.now()}"
    return CREATE(system=system, messages=[{"role": "user", "content": question}])
    """)
    after = mended(file, move(file, 1))
    assert sent(after)[1] == "How late is it?\n\nNow: 2026-11-22 12:30"
    assert "system +=" not in after

    file = code(r"""
    now = datetime.now()
    system = f"Be brief.\n\nNow: {now}"
    messages = [{"role": "user", "content": question}]
    return CREATE(system=[{"type": "text", "text": system}], messages=messages)
    """)
    after = mended(file, move(file, 1))
    assert sent(after) == ("Be brief.", "How late is it?\n\nNow: 2026-11-22 12:30")
    assert 'system = "Be brief."\n' in after


def test_only_the_part_where_lines_stay() -> None:
    file = turn_only(PLAIN, r'f"Be brief.\nNow: {datetime.now()}!"')
    after = mended(file, move(file, 1, whole_lines=False))
    assert sent(after) == ("Be brief.\nNow: !", "How late is it?\n\n2026-11-22 12:30")


@pytest.mark.parametrize(
    ("system", "wrap", "rest", "said"),
    [
        (r'f"Be brief.\n\nCity:\n{city}"', (6, 0), "Be brief.", "City:\nRome"),
        (r'f"Be brief.\n\n<city>\n{city}\n</city>\n\nBe kind."', (7, 8),
         "Be brief.\n\nBe kind.", "<city>\nRome\n</city>"),
        (r'f"# City\n{city}\n\nBe kind."', (7, 0), "Be kind.", "# City\nRome"),
    ],
)  # fmt: skip
def test_a_heading_goes_along(system: str, wrap: tuple[int, int], rest: str, said: str) -> None:
    file = turn_only(PLAIN, system)
    text, turn = sent(mended(file, move(file, 1, wraps=(wrap,))))
    assert text == rest
    assert turn == "How late is it?\n\n" + said


@pytest.mark.parametrize(
    ("system", "moved", "rest", "said"),
    [
        (r'f"Be brief. We are in {city}. Be kind."', (1,), "Be brief. Be kind.", "We are in Rome."),
        (r'f"Be brief! We are in {city}"', (1,), "Be brief!", "We are in Rome"),
        (r'f"In {city}. Be kind."', (1,), "Be kind.", "In Rome."),
        (r'f"Be brief. In {city}, at {city}. Be kind."', (1, 3),
         "Be brief. Be kind.", "In Rome, at Rome."),
        (r'f"Be v.1. No?\nBe {city} now.\nBe kind."', (1,),
         "Be v.1. No?\nBe kind.", "Be Rome now."),
    ],
)  # fmt: skip
def test_a_sentence_moves(system: str, moved: tuple[int, ...], rest: str, said: str) -> None:
    file = turn_only(PLAIN, system)
    text, turn = sent(mended(file, move(file, *moved, sentences=True)))
    assert (text, turn) == (rest, "How late is it?\n\n" + said)


DECLINES = {
    "nothing would be left": PLAIN.replace("SYSTEM_TEXT", 'f"Now: {datetime.now()}"'),
    "do more than give a value": PLAIN.replace("SYSTEM_TEXT", 'f"Be brief.\\n{rows.pop()}"'),
    "not known to be text": """
    turn = rows
    return CREATE(system=f"Be brief.\\n{datetime.now()}",
        messages=[{"role": "user", "content": turn}])
    """,
    "used elsewhere": """
    system = f"Be brief.\\n{datetime.now()}"
    print(system)
    return CREATE(system=system, messages=[{"role": "user", "content": question}])
    """,
    "not at hand": """
    messages = [{"role": "user", "content": question}]
    zone = timezone.utc
    system = f"Be brief.\\n{datetime.now(zone)}"
    return CREATE(system=system, messages=messages)
    """,
}


@pytest.mark.parametrize("reason", sorted(DECLINES))
def test_declines(reason: str) -> None:
    file = code(DECLINES[reason])
    with pytest.raises(Declined, match=reason):
        mended(file, by_hand(file))


def by_hand(file: SourceFile) -> MoveToTurn:
    """Moves the f-string's first field behind what the user says."""
    start = file.text.index('f"', file.text.index("def ask"))
    text = file.text[start : file.text.index('"', start + 2) + 1]
    field = text[text.index("{") : text.index("}") + 1]
    literal = text[2 : text.index("{")]
    named = "system=system" in file.text
    place = find(file, "system", after="system=system") if named else find(file, text)
    if named:
        start = file.text.index("system=system") + len("system=")
        position = file.position(start)
        place = place._replace(
            line=position[0], column=position[1], end_line=position[0], end_column=position[1] + 6
        )
    turn = "turn" if '"content": turn' in file.text else "question"
    begin = file.text.index(f'"content": {turn}') + len('"content": ')
    span = place._replace(
        line=file.position(begin)[0],
        column=file.position(begin)[1],
        end_line=file.position(begin + len(turn))[0],
        end_column=file.position(begin + len(turn))[1],
    )
    terms = (find(file, literal, after="def ask"), find(file, field, after="def ask"))
    return MoveToTurn(place, place, terms, (1,), span, "string")


def test_a_text_of_another_function_needs_names_at_hand() -> None:
    file = source(
        f"""{HEAD}    return question


def prompt(zone):
    return f"Be brief.\\nNow: {{datetime.now(zone)}}"


def send(question: str):
    return {CREATE}system=prompt(None), messages=[{{"role": "user", "content": question}}])
"""
    )
    text = find(file, 'f"Be brief.\\nNow: {datetime.now(zone)}"')
    terms = (find(file, "Be brief.\\nNow: "), find(file, "{datetime.now(zone)}"))
    turn = find(file, "question", after='"content": question')
    begin = file.text.index('"content": question') + len('"content": ')
    line, column = file.position(begin)
    turn = turn._replace(line=line, column=column, end_line=line, end_column=column + 8)
    with pytest.raises(Declined, match="`zone` is not at hand"):
        mended(file, MoveToTurn(text, text, terms, (1,), turn, "string"))
    plain = source(file.text.replace("datetime.now(zone)", "datetime.now()    "))
    terms = (find(plain, "Be brief.\\nNow: "), find(plain, "{datetime.now()    }"))
    after = mended(plain, MoveToTurn(text, text, terms, (1,), turn, "string"))
    assert 'return "Be brief."' in after
    assert r'question + f"\n\nNow: {datetime.now()    }"' in after
