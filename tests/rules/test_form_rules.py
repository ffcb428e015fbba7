"""SKF601 and 602: JSON laid out for people, and narration that nobody reads."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest
from judging import CONTEXT, judged, mended

from skinflint.linter.findings import Finding
from skinflint.rules.narration_asked import NarrationAsked
from skinflint.rules.pretty_json_in_prompt import PrettyJsonInPrompt

HEAD = """\
import json
import anthropic
client = anthropic.Anthropic()
def send(text, system="Be brief."):
    return client.messages.create(model="claude-sonnet-5-5", max_tokens=900, system=system,
        messages=[{"role": "user", "content": text}]).content[0].text
"""


def found(text: str) -> tuple[Finding, ...]:
    return judged(PrettyJsonInPrompt, HEAD + dedent(text))


@pytest.mark.parametrize(
    "call",
    [
        "json.dumps(rows, indent=2)",
        "json.dumps(rows, indent=' ', default=str)",
        "json.dumps(rows, ensure_ascii=False, indent=WIDTH)",
        "json.dumps(rows, indent=2).strip()",
        "dumps(rows, indent=1)",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "    return send(f'Rows: {CALL}')",
        "    return send('Rows: {}'.format(CALL))",
        "    return send(RULES + CALL)",
        "    return send('Go.', system='Rows: ' + CALL)",
        "    shown = CALL\n    return send('\\n'.join(['Rows:', shown]))",
    ],
)
def test_layout_that_reaches_the_prompt(call: str, text: str) -> None:
    body = text.replace("CALL", call.replace("'", '"'))
    (finding,) = found(
        "from json import dumps\nfrom texts import RULES\nWIDTH = 4\n"
        f"def tell(rows: list[dict], frame):\n{body}\n"
    )
    assert "carries the indentation to the model" in finding.message


@pytest.mark.parametrize("call", ["df.to_json(indent=2)", "order.model_dump_json(indent=2)"])
def test_methods_that_write_json(call: str) -> None:
    (finding,) = found(
        "class Order:\n    number: str\n    lines: list[dict]\n"
        f"def tell(df, order: Order):\n    return send(f'Rows: {{{call}}}')\n"
    )
    assert finding.fix is not None


#: What is handed to json.dumps(), and what stands in front of it.
LONG = {
    "records of a list": ("[{'id': m.id, 'at': m.at, 'by': m.by} for m in moves]", ""),
    "records that make mappings of themselves": ("[m.to_dict() for m in moves]", ""),
    "a list of records by its type": ("a", "list[dict]"),
    "objects that may be missing": ("a", "Optional[List[Order]]"),
    "records that are declared by their keys": ("a", "dict[str, Order] | None"),
    "a declaration as a text": ("a", "'list[Order]'"),
    "a part of what is many": ("open_orders[-20:]", ""),
    "a list where nothing is": ("a.get('open_orders', [])", ""),
    "the rows of a query": ("{'orders': store.execute('SELECT * FROM o').fetchall()}", ""),
    "the rows of a table": ("{'orders': store.frame.to_dict(orient='records')}", ""),
    "records in a field": (
        "{'by': str(a), 'orders': [{'id': m.id, **vars(m)} for m in moves]}",
        "",
    ),
    "records of a nested type": ("a.model_dump()", "Day"),
    "records by their keys": ("{m.id: {'at': m.at, 'by': m.by, 'of': m.of} for m in moves}", ""),
    "forty lines that are counted": (
        f"{dict.fromkeys(map(str, range(40)), 0)} | {{'a': a.b}}",
        "",
    ),
}
#: The same of what may be short.
SHORT = {
    "an object": ("a", "dict"),
    "an object of a mapping": ("a['order']", ""),
    "a plural of which nothing is seen": ("open_orders", ""),
    "a word for a collection": ("order_history", ""),
    "a plural under a key": ("a.get('open_orders', {})", ""),
    "JSON of somebody else": ("json.loads(urlopen(a).read())", ""),
    "fields that may hold lists": ("{'orders': a.orders, 'returns': a.returns, 'by': a.by}", ""),
    "a word that says little": ("current_data", ""),
    "objects that json refuses": ("a", "list[Refused]"),
    "objects that it refuses in a list": ("[Refused(m, 1, 2, 3) for m in moves]", ""),
    "four rows of a query": ("[o.to_dict() for o in store.query(Order).limit(4)]", ""),
    "four rows of a statement": ("[dict(o) for o in store.run('SELECT a LIMIT 4')]", ""),
    "records of two fields": ("[{'id': m.id, 'at': m.at} for m in moves]", ""),
    "titles": ("[m.get('title') or 'Untitled' for m in moves]", ""),
    "titles by their name": ("titles", ""),
    "twenty fields": (f"{dict.fromkeys('abcdefghijklmnopqrstu', 0)} | {{'a1': a.b + 'x'}}", ""),
    "a list of a few": ("[m.to_dict() for m in moves[:2]]", ""),
}


def _told(what: str, hint: str) -> str:
    a = f"a: {hint}" if hint else "a"
    return (
        "from typing import List, Optional\nfrom urllib.request import urlopen\n"
        "from shop import store\n"
        "class Order(dict):\n    number: str\n    at: str\n    by: str\n"
        "class Refused:\n    number: str\n    at: str\n    by: str\n    of: str\n"
        "class Day:\n    day: str\n    orders: list[Order]\n"
        f"def tell({a}, moves, open_orders, order_history, current_data, titles):\n"
        f"    return send('It: ' + json.dumps({what}, indent=2))\n"
    )


@pytest.mark.parametrize("name", LONG)
def test_what_speaks_for_a_long_layout(name: str) -> None:
    assert len(found(_told(*LONG[name]))) == 1


@pytest.mark.parametrize("name", SHORT)
def test_what_may_be_short_has_to_be_asked_for(name: str) -> None:
    text = _told(*SHORT[name])
    assert found(text) == ()
    asked = replace(CONTEXT, preview=True)
    assert len(judged(PrettyJsonInPrompt, HEAD + text, asked)) == 1


RECORD = "{'id': m.id, 'at': m.at, 'by': m.by}"


@pytest.mark.parametrize(
    ("rows", "few"),
    [
        ("moves[:5]", True),
        ("moves[:50]", False),
        ("moves[-FEW:]", True),
        ("moves[2:6]", True),
        ("moves[2:]", False),
        ("moves[1:][:5]", True),
        ("sorted(moves)[:5]", True),
        ("sorted(moves[:5])", True),
        ("sorted(moves)", False),
        ("(moves.first, moves.last)", True),
        ("{'in': 1, 'out': 2}.items()", True),
        ("store.find(moves).limit(5)", True),
        ("store.find(moves).limit(50)", False),
        ("store.find(moves, limit=5)", True),
        ("store.find('SELECT * FROM moves LIMIT 5')", True),
        ("store.find('SELECT * FROM moves')", False),
        ("moves.head()", True),
        ("moves.head(40)", False),
        ("range(4)", True),
        ("picked", True),
        ("picked or moves", True),
        ("store.find('SELECT source, count(*) FROM moves GROUP BY source')", True),
        ("store.find('SELECT m.status, 1 FROM moves GROUP BY m.status ORDER BY 2')", True),
        ("store.find('SELECT buyer, count(*) FROM moves GROUP BY buyer')", False),
        ("store.find('SELECT source, buyer FROM moves GROUP BY source, buyer')", False),
    ],
)
@pytest.mark.parametrize("loop", [False, True])
def test_a_few_of_many_are_few(rows: str, few: bool, loop: bool) -> None:
    made = f"[{RECORD} for m in {rows}]"
    grown = f"    told = []\n    for m in {rows}:\n        told.append({RECORD})\n"
    text = (
        "from shop import store\nFEW = 4\ndef tell(moves):\n    picked = moves[:3]\n"
        f"{grown if loop else ''}"
        f"    return send('It: ' + json.dumps({'told' if loop else made}, indent=2))\n"
    )
    assert (found(text) == ()) is few


@pytest.mark.parametrize(
    ("asked", "few"),
    [
        ("limit=5", True),
        ("shop, 5", True),
        ("limit=50", False),
        ("shop, 50", False),
        ("shop", True),
        ("limit=most", False),
    ],
)
def test_how_many_a_function_is_asked_for(asked: str, few: bool) -> None:
    text = f"""
        from shop import store

        def latest(shop="", limit=4):
            rows = store.run("SELECT * FROM moves ORDER BY at DESC LIMIT ?", (limit,))
            return [dict(m) for m in rows.fetchall()]

        def tell(shop, most):
            rows = latest({asked})
            return send("It: " + json.dumps(rows, indent=2))
        """
    assert (found(text) == ()) is few


@pytest.mark.parametrize(("most", "few"), [("max_tokens=256", True), ("max_tokens=2000", False)])
@pytest.mark.parametrize("parsed", ["json.loads(said)", "parse_reply(said, keys)"])
def test_json_of_a_reply_is_no_longer_than_the_reply(parsed: str, most: str, few: bool) -> None:
    text = f"""
        def parse_reply(text, keys):
            return json.loads(text)

        def say(asked, max_tokens):
            reply = client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=max_tokens,
                messages=[{{"role": "user", "content": asked}}],
            )
            return reply.content[0].text

        def tell(moves, keys):
            said = say(moves, {most})
            results = {parsed}
            return send("It: " + json.dumps(results, indent=2))
        """
    assert (found(text) == ()) is few


@pytest.mark.parametrize(
    ("kind", "made", "reported"),
    [
        ("datetime.date", "[m.dict() for m in moves]", False),
        ("datetime.date", "[m.model_dump() for m in moves]", False),
        ("datetime.date", "{'all': [dataclasses.asdict(m) for m in day.moves], 'of': 1}", False),
        ("datetime.date", "[m.model_dump(mode='json') for m in moves]", True),
        ("datetime.date", "[m.to_dict() for m in moves]", True),
        ("str", "[m.dict() for m in moves]", True),
    ],
)
def test_a_date_that_json_refuses_is_never_sent(kind: str, made: str, reported: bool) -> None:
    text = f"""
        import dataclasses
        import datetime
        from pydantic import BaseModel

        class Move(BaseModel):
            number: int
            of: str
            at: {kind}

        class Day(BaseModel):
            day: str
            moves: list[Move]

        def tell(moves: list[Move], day):
            return send("It: " + json.dumps({made}, indent=2))
        """
    assert (found(text) != ()) is reported


@pytest.mark.parametrize(("enough", "few"), [("5", True), ("most", False)])
def test_a_loop_that_ends_once_it_has_enough(enough: str, few: bool) -> None:
    text = f"""
        def tell(moves, most):
            told = []
            for m in moves:
                if len(told) >= {enough}:
                    break
                told.append({RECORD})
            return send("It: " + json.dumps(told, indent=2))
        """
    assert (found(text) == ()) is few


def test_loops_around_the_birth_of_a_list_are_no_more_of_it() -> None:
    text = f"""
        def tell(days):
            for day in days:
                told = []
                for m in day.moves[:4]:
                    told.append({RECORD})
                send("It: " + json.dumps(told, indent=2))
        """
    assert found(text) == ()
    assert len(found(text.replace("[:4]", ""))) == 1


@pytest.mark.parametrize("name", ["weekly_report", "tell_of_the_quarterly_figures"])
def test_what_is_done_once_a_week_is_left(name: str) -> None:
    text = f"def {name}(rows: list[dict]):\n    return send(json.dumps(rows, indent=2))\n"
    assert found(text) == ()
    assert len(found(text.replace(name, "daily_report"))) == 1


@pytest.mark.parametrize("keeps", [False, True])
def test_less_is_enough_where_it_is_sent_again(keeps: bool) -> None:
    kept = 'messages.append({"role": "assistant", "content": reply.content})'
    told = found(f"""
        def run(text, moves, tools):
            told = json.dumps([{RECORD} for m in moves[:4]], indent=2)
            messages = [{{"role": "user", "content": told}}]
            while True:
                reply = client.messages.create(model="claude-sonnet-5-5", max_tokens=900,
                    tools=tools, messages=messages)
                if reply.stop_reason != "tool_use":
                    return reply
                {kept if keeps else "pass"}
        """)
    assert len(told) == keeps


def test_lines_that_can_be_counted_are_told() -> None:
    (finding,) = found(_told(*LONG["forty lines that are counted"]))
    assert "lays this JSON out for people in up to 43 lines, and a message" in finding.message


@pytest.mark.parametrize(
    "body",
    [
        "return send(json.dumps(rows))",
        "return send(json.dumps(rows, indent=None))",
        "return send(json.dumps(rows, indent=0))",
        "print(json.dumps(rows, indent=2)); return send('Go.')",
        "return send(json.dumps(answer_schema, indent=2))",
        "return send(json.dumps(Answer.model_json_schema(), indent=2))",
        "return send(json.dumps({'name': 'the name', 'age': 3}, indent=2))",
        "return send(json.dumps(rows, indent=2)[:500])",
        "return send(yaml.dump(rows, indent=2))",
        "return send('\\n'.join(lines(rows, indent=2)))",
    ],
)
def test_what_is_no_layout_of_data_in_a_prompt(body: str) -> None:
    assert found(f"def tell(rows, answer_schema):\n    {body}\n") == ()


@pytest.mark.parametrize(("kept", "again"), [(False, False), (True, True)])
def test_a_message_that_is_copied_is_not_kept(kept: bool, again: bool) -> None:
    (finding,) = found(f"""
        talk = []

        def ask(given):
            messages = {"talk" if kept else "[]"}
            for one in given:
                messages.append({{"role": one["role"], "content": one["content"]}})
            return client.messages.create(model="claude-sonnet-5-5", max_tokens=900,
                messages=messages)

        def tell(moves):
            told = json.dumps([m.to_dict() for m in moves], indent=2)
            return ask([{{"role": "user", "content": told}}])
        """)
    assert ("with each later turn again" in finding.message) is again


def test_the_result_of_a_tool_is_told_as_such() -> None:
    (finding,) = found("""
        def run(text, tools):
            messages = [{"role": "user", "content": text}]
            for _ in range(9):
                reply = client.messages.create(model="claude-sonnet-5-5", max_tokens=900,
                    tools=tools, messages=messages)
                messages.append({"role": "assistant", "content": reply.content})
                messages.append({"role": "user", "content": [{"type": "tool_result",
                    "tool_use_id": b.id, "content": json.dumps(call(b), indent=2)}
                    for b in reply.content if b.type == "tool_use"]})
        """)
    assert "the result of a tool" in finding.message
    assert finding.message.endswith("and with each later turn again.")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "def told(rows: list[dict]):\n    return json.dumps(rows, indent=2)\n"
            "def tell(rows: list[dict]):\n    return send(told(rows))\n",
            "It is returned by told(), which may serve others.",
        ),
        (
            "def tell(rows: list[dict]):\n    text = json.dumps(rows, indent=2)\n    print(text)\n"
            "    return send(text)\n",
            "`text` is read in several places.",
        ),
    ],
)
def test_a_text_that_others_read_is_left(text: str, why: str) -> None:
    (finding,) = found(text)
    assert finding.fix is None
    assert finding.no_fix == why


def test_separators_that_are_there_stay() -> None:
    before = HEAD + dedent("""
        def tell(rows: list[dict]):
            return send(f"Rows: {json.dumps(rows, indent=2, separators=(', ', ': '))}")
        """)
    after = mended(PrettyJsonInPrompt, before)
    assert "json.dumps(rows, indent=None, separators=(', ', ': '))" in after


def test_quotes_inside_an_f_string_are_others() -> None:
    before = (
        HEAD
        + 'def tell(rows: list[dict]):\n    return send(f"Rows: {json.dumps(rows, indent=2)}")\n'
    )
    after = mended(PrettyJsonInPrompt, before)
    assert "json.dumps(rows, separators=(',', ':'))" in after


SCORE = """\
import re
import anthropic
client = anthropic.Anthropic()
RULES = "Score the essay from 1 to 10. ASKED"
def score(essay):
    reply = client.messages.create(model="MODEL", max_tokens=400, system=RULES, MORE
        messages=[{"role": "user", "content": essay}])
    return READ
"""
INT = "int(reply.content[0].text)"


def scored(asked: str, read: str = INT, model: str = "claude-haiku-4-5", more: str = "") -> str:
    text = SCORE.replace("ASKED", asked).replace("MODEL", model)
    return text.replace("MORE", more).replace("READ", read)


@pytest.mark.parametrize(
    "asked",
    [
        "Think step by step.",
        "Explain your reasoning.",
        "Denke Schritt für Schritt.",
        "一步步思考。",
    ],
)
@pytest.mark.parametrize("read", [INT, 'reply.content[0].text.strip() in ("1", "2")'])
def test_narration_where_a_label_is_read(asked: str, read: str) -> None:
    (finding,) = judged(NarrationAsked, scored(asked, read))
    assert finding.primary.line == 4
    assert "output that nobody reads" in finding.message


def test_the_sentence_goes_and_the_rest_stays() -> None:
    after = mended(NarrationAsked, scored("Explain your reasoning. Be fair."))
    assert 'RULES = "Score the essay from 1 to 10. Be fair."' in after
    (finding,) = judged(
        NarrationAsked, scored("Explain your reasoning, then give the number on a line of its own.")
    )
    assert finding.fix is None
    assert finding.no_fix == "The sentence says more; word it anew."


@pytest.mark.parametrize(
    ("model", "more"),
    [
        ("claude-sonnet-5-5", ""),
        ("claude-opus-4-8", 'thinking={"type": "adaptive"},'),
        ("claude-sonnet-4-5", 'thinking={"type": "enabled", "budget_tokens": 2000},'),
    ],
)
def test_thinking_aloud_beside_thinking(model: str, more: str) -> None:
    asks = scored("Think step by step.", "reply.content[-1].text", model, more)
    (finding,) = judged(NarrationAsked, asks)
    assert "think" in finding.message
    explains = scored("Explain your reasoning.", "reply.content[-1].text", model, more)
    assert judged(NarrationAsked, explains) == ()


@pytest.mark.parametrize(
    "text",
    [
        scored("Be fair."),
        scored("Think step by step.", "reply.content[0].text"),
        scored("Think step by step.", 'int(re.search(r"Score: (\\d+)", reply.content[0].text)[1])'),
        scored("Think step by step.", "int(reply.content[0].text.splitlines()[-1])"),
        scored("Explain why.", "reply.content[-1].text", "claude-sonnet-5-5"),
        scored(
            "Think step by step.",
            "reply.content[-1].text",
            "claude-opus-5",
            'thinking={"type": "disabled"},',
        ),
    ],
)
def test_narration_that_is_read_or_needed(text: str) -> None:
    assert judged(NarrationAsked, text) == ()
