"""Splitting a block: each layout is run before and after, for every alternative of its parts."""

from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mending import PROLOGUE, Ran, find, mended, requests, same, source, split, text_block
from test_text import EXPRESSIONS, valid

from skinflint.fixers.edits import applied
from skinflint.fixers.plan import Declined, edits_of
from skinflint.fixers.text import Choice, TextExpression
from skinflint.linter.findings import Applicability, Fix, SplitBlock
from skinflint.linter.source import SourceFile, from_bytes

CREATE = (
    'client.messages.create(model="claude-sonnet-5-5", max_tokens=99, '
    'messages=[{"role": "user", "content": question}], system='
)
CALLS = """\
for first in ("", "Ann", "  "):
    for profile in ("", "Likes tea; uses {braces} and \\\\n."):
        ask(first, profile, "Hello?")
"""


def code(body: str) -> str:
    """A module whose ``ask`` has this body; CREATE begins a request that wants its system."""
    body = body.replace("BLOCK", BLOCK % "SYSTEM + tick(first)")
    inside = textwrap.indent(textwrap.dedent(body).replace("CREATE ", CREATE), "    ")
    return f"{PROLOGUE}\n\ndef ask(first: str, profile: str, question: str):{inside}"


def inline(block: str) -> str:
    """A request with one block in a list of one line."""
    return code(f"\n    return CREATE [{block}])\n")


BLOCK = '{"type": "text", "text": %s, "cache_control": {"type": "ephemeral"}}'

TEXTS = {
    "real line": (
        r'SYSTEM + (f"\n\nName: {tick(first)}" if first else "") '
        r'+ (f"\n\n{tick(profile)}" if profile else "")',
        1,
    ),
    "f-string behind a name": (r'SYSTEM + f"\n\nName: {tick(first)}!{profile:>4}"', 1),
    "one f-string": (r'f"Be brief.\n\nName: {tick(first)} {{x}} {profile!r:<9}."', 1),
    "single quotes": ("f'Be \"brief\". {first}'", 1),
    "field first": (r'f"{SYSTEM}\n\n{tick(first)}"', 1),
    "field and text in the head": (r'f"{SYSTEM}\n\n{tick(first)}"', 2),
    "raw f-string": (r'rf"Be \d brief {SYSTEM}: {tick(first)}"', 3),
    "triple quotes": ('f"""Be "brief".\n\n  Always.\n  Name: {tick(first)}\n"""', 1),
    "implicit joins": ('"Be brief. " \'Be "kind". \' f"Name: {tick(first)}" "\\n"', 3),
    "implicit joins on lines": ('(\n"Be brief. "\n"Be kind. "\nf"Name: {tick(first)}"\n)', 2),
    "parenthesised sum": (r'SYSTEM + ("\n" + tick(first) + profile)', 2),
    "sum on lines": ("(\nSYSTEM\n+ '\\n'\n+ tick(first)\n)", 2),
    "joined list": (r'"\n\n".join([SYSTEM, "Be kind.", tick(first), f"({profile})"])', 2),
    "joined list, first only": (r'"\n".join((SYSTEM, tick(first), profile))', 1),
    "joined list on lines": ('"\\n".join([\nSYSTEM,\n"Be kind.",\ntick(first),\n])', 2),
    "joined by nothing": ('"".join([SYSTEM, tick(first)])', 1),
    "joined, with an empty text": (r'"\n".join([SYSTEM, "", tick(first)])', 2),
    "condition as an operand": ('SYSTEM + (tick(first) if first else "nobody")', 1),
    "a name only": ("SYSTEM + profile", 1),
    "non-ASCII": ('"Sois bref — très bref. 🙂" + tick(first)', 1),
    "escapes": (r'f"\N{BULLET} a\x41\101\u00e9\\ {{}} \"q\" {tick(first)}\t\N{BULLET}"', 1),
}


@pytest.mark.parametrize("mark_tail", [False, True], ids=["plain tail", "marked tail"])
@pytest.mark.parametrize("text", sorted(TEXTS))
def test_texts(text: str, mark_tail: bool) -> None:
    written, at = TEXTS[text]
    before = inline(BLOCK % written)
    file = source(before)
    after = mended(file, split(file, at, mark_tail=mark_tail))
    ran = same(before, after, CALLS)
    for blocks in ran.system():
        assert blocks[0]["cache_control"] == {"type": "ephemeral"}
        assert ["cache_control" in block for block in blocks[1:]] == [mark_tail] * (len(blocks) - 1)
    heads = {blocks[0]["text"] for blocks in ran.system()}
    assert len(heads) == 1, "the head is the same in every call"
    assert max(len(blocks) for blocks in ran.system()) == 2


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_the_request_is_rebuilt_with_the_same_text(text: str) -> None:
    written, at = TEXTS[text]
    file = source(inline(BLOCK % written))
    after = source(mended(file, split(file, at, tail_may_be_blank=False)))
    before_states = [r.system.state for r in requests(file)]
    assert [r.system.state for r in requests(after)] == before_states
    assert [len([b for b in r.blocks if b.place.value == "system"]) for r in requests(after)] == [2]


def test_a_tail_that_is_never_blank_is_a_plain_block() -> None:
    before = inline(BLOCK % r'SYSTEM + f"\nIt is {tick(first)} now."')
    file = source(before)
    after = mended(file, split(file, 1, tail_may_be_blank=False))
    same(before, after, CALLS)
    assert ":=" not in after
    assert r'{"type": "text", "text": f"\nIt is {tick(first)} now."},' in after


def test_the_line_of_real_code() -> None:
    line = (
        r'    {"type": "text", "text": SYSTEM + (f"\n\nName: {first}" if first else "") + '
        r'(f"\n\n{profile}" if profile else ""), "cache_control": {"type": "ephemeral"}},'
    )
    before = code(f"\n    system = [\n    {line}\n    ]\n    return CREATE system)\n")
    file = source(before)
    after = mended(file, split(file, 1, mark_tail=True))
    same(before, after, CALLS)
    assert (
        '        {"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}},\n'
        "        *(\n"
        '            [{"type": "text", "text": tail, "cache_control": {"type": "ephemeral"}}]\n'
        r'            if (tail := (f"\n\nName: {first}" if first else "") + '
        r'(f"\n\n{profile}" if profile else "")).strip()'
        "\n"
        "            else []\n"
        "        ),\n"
        "    ]\n"
    ) in after


LAYOUTS = {
    "list on lines": """
        return CREATE [
            {"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK},
        ])
        """,
    "list on lines without a comma": """
        return CREATE [
            {"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK}
        ])
        """,
    "dict on lines": """
        return CREATE [
            {
                "type": "text",
                "text": SYSTEM + tick(first),
                "cache_control": {"type": "ephemeral", "ttl": "1h"},
            },
        ])
        """,
    "comments": """
        return CREATE [
            # the whole prompt
            {  # one block
                "type": "text",
                "text": SYSTEM + tick(first),  # and who asks
                "cache_control": MARK,  # cached
            },  # that is all
            # nothing more
        ])
        """,
    "comment without a comma": """
        return CREATE [
            {"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK}  # all
        ])
        """,
    "other blocks": """
        return CREATE [{"type": "text", "text": "Hi. "}, {"type": "text",
            "text": SYSTEM + tick(first), "cache_control": MARK}, {"type": "text", "text": "Bye"}])
        """,
    "marker first": """
        return CREATE [{"cache_control": MARK, "type": "text", "text": SYSTEM + tick(first)}])
        """,
    "other keys": """
        return CREATE [{"type": "text", "citations": None, "text": SYSTEM + tick(first),
            "cache_control": MARK, "note": [1, "x"]}])
        """,
    "parenthesised block": """
        return CREATE [({"type": "text", "text": (SYSTEM + tick(first)), "cache_control": MARK}),])
        """,
    "tuple": """
        return CREATE ({"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK},))
        """,
    "dict()": """
        return CREATE [dict(type="text", text=SYSTEM + tick(first), cache_control=MARK)])
        """,
    "append": """
        system = []
        system.append({"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK})
        return CREATE system)
        """,
    "append on lines": """
        system = []
        system.append(
            {
                "type": "text",
                "text": SYSTEM + tick(first),
                "cache_control": MARK,
            }
        )
        return CREATE system)
        """,
    "insert": """
        system = [{"type": "text", "text": "Bye"}]
        system.insert(0, {"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK})
        return CREATE system)
        """,
    "list plus list": """
        system = [{"type": "text", "text": "Hi. "}] + [
            {"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK}]
        return CREATE system)
        """,
    "string": """
        return CREATE SYSTEM + tick(first))
        """,
    "string on lines": """
        return client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=99,
            messages=[{"role": "user", "content": question}],
            system=(
                SYSTEM
                + f"\\n\\nName: {tick(first)}"
            ),
        )
        """,
    "string in a dict": """
        arguments = {"model": "claude-sonnet-5-5", "max_tokens": 99, "system": SYSTEM + tick(first),
            "messages": [{"role": "user", "content": question}]}
        return client.messages.create(**arguments)
        """,
    "name": """
        system = SYSTEM + tick(first)
        return CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        """,
    "name with additions": """
        prompt = SYSTEM + "\\n"
        if first:
            prompt += f"Name: {tick(first)}"
        return CREATE [{"type": "text", "text": prompt, "cache_control": MARK}])
        """,
    "name, f-string on lines": """
        prompt: str = (
            f"{SYSTEM}\\n"
            f"Name: {tick(first)}"
        )
        return CREATE [{"type": "text", "text": prompt, "cache_control": MARK}])
        """,
    "name as a string": """
        system = f"{SYSTEM}\\nName: {tick(first)}"
        return CREATE system)
        """,
    "operand with a name of its own": """
        about = f"Name: {tick(first)}" if first else ""
        return CREATE [{"type": "text", "text": SYSTEM + about, "cache_control": MARK}])
        """,
    "operand built of several": """
        about = f"Name: {tick(first)}, {profile}"
        return CREATE [{"type": "text", "text": SYSTEM + about + profile, "cache_control": MARK}])
        """,
    "block with a name": """
        block = {"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK}
        return CREATE [block])
        """,
    "block with a name, among others": """
        block = {
            "type": "text",
            "text": SYSTEM + tick(first),
            "cache_control": MARK,
        }
        return CREATE [{"type": "text", "text": "Hi. "}, (block)])
        """,
    "marked apart": """
        system = [{"type": "text", "text": "Hi. "}, {"type": "text", "text": SYSTEM + tick(first)}]
        system[-1]["cache_control"] = {"type": "ephemeral"}
        return CREATE system)
        """,
    "many on one line": """
        return CREATE [{"type": "text", "text": "H"}, BLOCK, {"type": "text", "text": "B"},])
        """,
    "in a comprehension": """
        return [CREATE [{"type": "text", "text": SYSTEM + tick(name), "cache_control": MARK}])
            for name in (first, profile)]
        """,
    "in a nested function": """
        def send():
            return CREATE [{"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK}])
        return send()
        """,
    "lambda": """
        send = lambda: CREATE [
            {"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK}])
        return send()
        """,
}


@pytest.mark.parametrize("blank", [True, False], ids=["conditional", "plain"])
@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_layouts(layout: str, blank: bool) -> None:
    before = code(LAYOUTS[layout])
    file = source(before)
    calls = CALLS if blank else 'ask("Ann", "Likes tea", "Hello?")\n'
    after = mended(file, split(file, 1, tail_may_be_blank=blank, mark_tail=True))
    ran = same(before, after, calls)
    marked = [[b["text"] for b in bs if "cache_control" in b] for bs in ran.system()]
    assert all(any(text.startswith("You are the support agent") for text in ts) for ts in marked)
    assert all(not any("Ann" in t and "agent" in t for t in texts) for texts in marked)
    if "1h" in before:
        assert after.count('"1h"') == 2
    for line in after.splitlines():
        assert line == line.rstrip()


def test_a_params_class_stays_one() -> None:
    before = "from anthropic.types import TextBlockParam\n" + inline(
        'TextBlockParam(type="text", text=SYSTEM + tick(first), cache_control=MARK)'
    )
    file = source(before)
    after = mended(file, split(file, 1))
    same(before, after, CALLS)
    assert after.count("TextBlockParam(type=") == 2


def test_comments_stay() -> None:
    file = source(code(LAYOUTS["comments"]))
    after = mended(file, split(file, 1))
    assert after.count("#") == file.text.count("#")
    assert '"text": SYSTEM,  # and who asks' in after


def test_an_edit_that_would_lose_a_comment_declines() -> None:
    file = source(
        code("""
        return CREATE [{"type": "text", "text": (
            SYSTEM  # the constant
            + tick(first)), "cache_control": MARK}])
        """)
    )
    with pytest.raises(Declined, match="lose a comment"):
        mended(file, split(file, 1))


def test_a_new_marker_is_added_where_there_is_none() -> None:
    before = inline('{"type": "text", "text": SYSTEM + tick(first)}')
    file = source(before)
    after = mended(file, split(file, 1, ttl="1h"))
    ran = same(before, after, CALLS)
    assert {str(blocks[0]["cache_control"]) for blocks in ran.system()} == {
        "{'type': 'ephemeral', 'ttl': '1h'}"
    }
    single = source(inline("{'type': 'text', 'text': SYSTEM + tick(first)}"))
    head = "{'type': 'text', 'text': SYSTEM, 'cache_control': {'type': 'ephemeral'}}"
    assert head in mended(single, split(single, 1))


def test_cut_inside_a_literal_counts_characters_of_its_value() -> None:
    literal = r'f"Be brief.\n\x41 {{x}}\nName: {tick(first)}"'
    before = inline(BLOCK % literal)
    file = source(before)
    value = "Be brief.\nA {x}\nName: "
    after = mended(file, split(file, 1, cut=value.index("Name")))
    ran = same(before, after, CALLS)
    assert {blocks[0]["text"] for blocks in ran.system()} == {"Be brief.\nA {x}\n"}
    assert r'"text": "Be brief.\n\x41 {x}\n"' in after
    assert 'f"Name: {tick(first)}"' in after


def test_a_cut_goes_through_joined_literals() -> None:
    before = inline(BLOCK % r'"One.\n" "Two.\nName: " + tick(first)')
    file = source(before)
    _, block = text_block(file)
    at = next(i for i, term in enumerate(block.terms) if not term.literal)
    after = mended(file, split(file, at, cut=len("Two.\n")))
    ran = same(before, after, CALLS)
    assert {blocks[0]["text"] for blocks in ran.system()} == {"One.\nTwo.\n"}


def test_static_terms_may_join_the_head() -> None:
    text = r'f"Be brief.\n{tick(first)}{profile}" + "\nNever swear." + f"{SYSTEM}"'
    before = inline(BLOCK % text)
    file = source(before)
    after = mended(file, split(file, 1, moves=(3, 4)))
    ran, old = Ran(after, CALLS, {}), Ran(before, CALLS, {})
    assert ran.log == old.log
    assert {blocks[0]["text"] for blocks in ran.system()} == {
        "Be brief.\n\nNever swear.You are the support agent of a shop. Be brief and friendly."
    }


def test_static_text_between_two_moving_parts_stays_there() -> None:
    text = r'f"Be brief.\nName: {first}\nProfile: {profile}\nBe kind."'
    file = source(inline(BLOCK % text))
    with pytest.raises(Declined, match="would lose its place"):
        mended(file, split(file, 1, moves=(2,)))


def test_the_name_of_the_tail_is_new() -> None:
    before = code("""
        tail = "x"
        text_tail = tail
        return CREATE [{"type": "text", "text": SYSTEM + tick(first), "cache_control": MARK}])
        """)
    file = source(before)
    assert "(block_tail := tick(first)).strip()" in mended(file, split(file, 1))


def test_at_module_level_the_name_is_private() -> None:
    before = f"{PROLOGUE}\nfirst = input()\n{CREATE.replace('question', repr('Hi'))}[" + (
        BLOCK % "SYSTEM + first.upper()"
    )
    file = source(before + "])\n")
    assert "(_tail := first.upper()).strip()" in mended(file, split(file, 1))


def test_crlf_and_encodings_stay() -> None:
    text = code(LAYOUTS["dict on lines"]).replace("You are", "Vous êtes")
    data = ("# -*- coding: latin-1 -*-\n" + text).replace("\n", "\r\n").encode("latin-1")
    file = from_bytes("app.py", data)
    written = file.encode(mended(file, split(file, 1)))
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert "êtes".encode("latin-1") in written
    for line in data.split(b"\r\n"):
        assert line in written or b"SYSTEM + tick" in line


def test_columns_behind_wide_characters() -> None:
    before = inline(
        '{"type": "text", "note": "🙂é漢", "text": "🙂 é " + SYSTEM + tick(first), '
        '"cache_control": MARK}'
    )
    file = source(before)
    same(before, mended(file, split(file, 2)), CALLS)


def test_splitting_a_split_block_again_declines_or_gives_the_same() -> None:
    file = source(inline(BLOCK % r'SYSTEM + f"\n{tick(first)}"'))
    after = source(mended(file, split(file, 1)))
    with pytest.raises(AssertionError, match="several terms"):
        split(after, 1)


def test_two_requests_that_share_a_text() -> None:
    before = code("""
        system = SYSTEM + f"\\nName: {tick(first)}"
        CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        return CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        """)
    file = source(before)
    first, second = (split_of(file, index) for index in range(2))
    fix = Fix(Applicability.UNSAFE, "both", (first, second))
    after = applied(file, edits_of(fix, lambda _: file))
    same(before, after, CALLS)
    assert mended(file, first) == after, "what is written alike is split alike"


def test_another_block_that_is_written_otherwise_is_another_use() -> None:
    file = source(
        code("""
        system = SYSTEM + first
        CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        return CREATE [{"type": "text", "text": system}])
        """)
    )
    with pytest.raises(Declined, match="used elsewhere, at line 11"):
        mended(file, split(file, 1))


def split_of(file: SourceFile, index: int) -> SplitBlock:
    """The split of the first block of the request at ``index``."""
    request = requests(file)[index]
    block = request.blocks[0]
    assert block.text is not None
    return SplitBlock(
        block.span,
        block.text,
        block.container,
        block.form.value,
        tuple(term.span for term in block.terms),
        tuple(i < 1 for i in range(len(block.terms))),
        1,
        request.breakpoints[0].span,
    )


DECLINES = {
    "used elsewhere, at line 10": """
        system = SYSTEM + first
        print(system)
        return CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        """,
    "used as one block at line 10": """
        block = {"type": "text", "text": SYSTEM + first, "cache_control": MARK}
        print(block)
        return CREATE [block])
        """,
    "one branch of a condition": """
        return CREATE [
            {"type": "text", "text": SYSTEM + first, "cache_control": MARK} if profile
            else {"type": "text", "text": "none"}])
        """,
    "would be evaluated in front of the tail": """
        return CREATE [{"type": "text", "text": SYSTEM + first, "note": tick("x"),
            "cache_control": MARK}])
        """,
    "computed and can't be written twice": """
        return CREATE [{"type": "text", "text": SYSTEM + first, "cache_control": dict(MARK)}])
        """,
    "marked from another place": """
        system = [{"type": "text", "text": SYSTEM + first}]
        if profile:
            system[0]["cache_control"] = {"type": "ephemeral"}
        return CREATE system)
        """,
    "can't be moved to the block": """
        system = SYSTEM.strip() + first
        return CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        """,
}


PASSED_ON = {
    "an argument of `send`": """
        def send(system):
            return CREATE system)
        return send(system=SYSTEM + first)
        """,
    "is read at line 10": """
        arguments = {"system": SYSTEM + first}
        print(len(arguments["system"]))
        return CREATE arguments["system"])
        """,
}


@pytest.mark.parametrize("reason", sorted(PASSED_ON))
def test_a_string_that_others_rely_on_declines(reason: str) -> None:
    file = source(code(PASSED_ON[reason]))
    text = find(file, "SYSTEM + first")
    terms = (find(file, "SYSTEM", after="SYSTEM + f"), find(file, "first", after="+ first"))
    op = SplitBlock(text, text, None, "string", terms, (True, False), 1, None)
    with pytest.raises(Declined, match=reason):
        mended(file, op)


@pytest.mark.parametrize("reason", sorted(DECLINES))
def test_declines(reason: str) -> None:
    file = source(code(DECLINES[reason]))
    with pytest.raises(Declined, match=reason):
        mended(file, split(file, 1, mark_tail=True))


def by_hand(file: SourceFile, head: str, tail: str) -> SplitBlock:
    """The split of ``{"type": "text", "text": system, ...}`` with these two terms."""
    block = find(file, '{"type": "text", "text": system, "cache_control": MARK}')
    name = find(file, "system", after='"text": system')
    terms = (find(file, head, after="system = "), find(file, tail, after="system = "))
    marker = find(file, "MARK", after="def ask")
    return SplitBlock(block, name, None, "dict", terms, (True, False), 1, marker)


def test_a_name_bound_on_two_branches_declines() -> None:
    file = source(
        code("""
        if profile:
            system = SYSTEM + first
        else:
            system = SYSTEM + profile
        return CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        """)
    )
    with pytest.raises(Declined, match="bound more than once"):
        mended(file, by_hand(file, "SYSTEM", "first"))


def test_a_name_that_is_extended_by_a_sum_with_itself() -> None:
    before = code("""
        system = SYSTEM + tick(first)
        system = system + profile
        return CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        """)
    file = source(before)
    after = mended(file, by_hand(file, "SYSTEM", "tick(first)"))
    same(before, after, CALLS)
    assert "system = tick(first)\n" in after


def test_a_name_whose_whole_binding_is_the_head() -> None:
    before = code("""
        system = SYSTEM
        if profile:
            system += profile
        return CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        """)
    file = source(before)
    after = mended(file, by_hand(file, "SYSTEM", "profile"))
    same(before, after, CALLS)
    assert 'system = ""\n' in after


def test_a_comprehension_in_a_class_declines() -> None:
    file = source(
        f"{PROLOGUE}\nclass Agent:\n    first = input()\n    reply = {CREATE}[".replace(
            "question", "first"
        )
        + (BLOCK % "SYSTEM + first.upper()")
        + "])\n"
    )
    with pytest.raises(Declined, match="body of a class"):
        mended(file, split(file, 1))


def test_the_head_of_a_name_must_mean_the_same_at_the_block() -> None:
    file = source(
        code("""
        base = SYSTEM
        for word in ("a", "b"):
            base = base + word
        system = base + first
        base = "other"
        return CREATE [{"type": "text", "text": system, "cache_control": MARK}])
        """)
    )
    with pytest.raises(Declined):
        mended(file, split(file, 1))


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS.filter(valid), st.booleans(), st.data())
def test_any_text_can_be_split_or_declines(text: str, marked: bool, data: st.DataObject) -> None:
    before = code("""
        x, y, z, w, P = first, 3.5, profile, 9, SYSTEM
        return CREATE [HERE])
        """).replace("HERE", BLOCK % f"({text})")
    file = source(before)
    terms = requests(file)[0].blocks[0].terms
    at = data.draw(st.integers(1, max(1, len(terms) - 1)))
    if len(terms) < 2:
        return
    try:
        after = mended(file, split(file, at, mark_tail=marked))
    except Declined:
        return
    old, new = Ran(before, CALLS, {}), Ran(after, CALLS, {})
    assert ["".join(text.split()) for text in old.texts()] == [
        "".join(text.split()) for text in new.texts()
    ]
    assert all(block["text"].strip() for blocks in new.system() for block in blocks[1:])


def test_format_with_a_literal_template() -> None:
    """``.format`` is no sum, so the rules don't split it yet; the text can be cut all the same."""
    written = r'"Be {{brief}}.\nName: {name!r:>9}, {}\n{note.real}".format(first, name=x, note=y)'
    text = TextExpression(written, 0, lambda _: 1)
    names = {"first": "Ann", "x": "é", "y": 3}
    whole = eval(written, dict(names))
    for border in range(1, len(text.leaves)):
        head = text.write(Choice({id(leaf) for leaf in text.leaves[:border]}))
        tail = text.write(Choice({id(leaf) for leaf in text.leaves[border:]}))
        assert head is not None
        assert tail is not None
        assert eval(head.code, dict(names)) + eval(tail.code, dict(names)) == whole
    first = text.write(Choice({id(text.leaves[0])}))
    assert first is not None
    assert ast.literal_eval(first.code) == "Be {brief}.\nName: "
