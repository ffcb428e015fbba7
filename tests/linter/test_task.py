"""What a request is made for, and what tells."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from reading import HEAD, sent

from skinflint.catalog import tasks as facts
from skinflint.linter.request import Task

ASK = 'client.messages.create(model="claude-opus-5-5", max_tokens={cap}, messages={messages})'


def request(cap: int = 1024, says: str = "Here is a mail: {mail}") -> str:
    messages = f'[{{"role": "user", "content": f"{says}"}}]'
    return ASK.format(cap=cap, messages=messages)


def task(text: str) -> Task:
    """The task of the first request of a module; REPLY stands for a request that says little."""
    body = dedent(text).replace("REPLY", request()).replace("TINY", request(10))
    return sent(HEAD + body)[0].task


def used(body: str, name: str = "handle", cap: int = 1024) -> str:
    """What the reply of a request is used for that is sent in a function, and bound to reply."""
    lines = indent(dedent(body), "    ")
    text = f"def {name}(mail, items):\n    reply = {request(cap)}\n{lines}"
    return sent(HEAD + text)[0].task.use.value


def said(found: Task, kind: str) -> list[str]:
    return [signal.says for signal in found.signals if signal.kind == kind]


# --- compared, indexed: one of a few -------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        'return reply.content[0].text.strip().lower() == "yes"',
        'text = reply.content[0].text.strip()\nif text == "URGENT":\n    page(items)',
        'text = reply.content[0].text\nif text.lower().startswith("yes"):\n    page(items)',
        'return "SPAM" in reply.content[0].text.upper()',
        'text = reply.content[0].text\nreturn text if text in ("bug", "wish") else "other"',
        'kind = reply.content[0].text\nif kind not in {"bug", "wish"}:\n    kind = ""\nreturn kind',
        'table = {"bug": 1, "wish": 2}\nreturn table[reply.content[0].text.strip()]',
        'table = {"bug": 1, "wish": 2}\nreturn table.get(reply.content[0].text.strip(), 0)',
        'text = reply.content[0].text\nif text == "a":\n    go()\nelif text == "b":\n    stop()',
        'match reply.content[0].text:\n    case "a":\n        go()\n    case "b":\n        stop()',
        "return items[int(reply.content[0].text)]",
        'parts = []\nfor b in reply.content:\n    if b.type == "text":\n'
        '        parts.append(b.text)\nreturn "".join(parts) == "yes"',
        'text = next((b.text for b in reply.content if b.type == "text"), "")\n'
        'return text == "yes"',
        'text = getattr(reply.content[0], "text", "")\nlogger.info("said %s", text)\n'
        'return text == "yes"',
    ],
)
def test_one_of_a_few_is_a_label(body: str) -> None:
    assert used(body) == "label"


@pytest.mark.parametrize(
    "body",
    [
        # a way out of an open answer
        'text = reply.content[0].text\nif text == "NONE":\n    return None\nreturn text',
        'text = reply.content[0].text\nif "NO_CHANGE" in text:\n    return\nitems.append(text)',
        # marks of form
        'text = reply.content[0].text\nif text.startswith("```"):\n    text = text[3:]\nsave(text)',
        'text = reply.content[0].text\nif "<answer>" in text:\n    page(items)',
        'text = reply.content[0].text\nif text == "":\n    page(items)',
        # what is looked at is a letter
        'for letter in reply.content[0].text:\n    if letter in ".!?":\n        go(letter)',
        # a table that grows
        "seen = {}\nseen[reply.content[0].text] = 1",
        # the reason it stopped for is no reply
        'return reply.stop_reason == "end_turn"',
        # it was another text by then
        'text = reply.content[0].text\ntext = items[0]\nreturn text == "yes"',
    ],
)
def test_what_only_looks_like_a_comparison_is_no_label(body: str) -> None:
    assert used(body) not in ("label", "routing", "judgement")


def test_a_comparison_says_with_what_and_where() -> None:
    found = task("""
        def handle(mail):
            reply = REPLY
            return reply.content[0].text == "yes"
    """)
    assert said(found, "compared") == ["the reply is compared with 'yes' in line 6"]
    assert found.signals[0].span.line == 6


def test_an_enum_is_a_closed_set() -> None:
    found = task("""
        from enum import Enum
        class Kind(Enum):
            BUG = "bug"
            WISH = "wish"
        def handle(mail):
            return Kind(REPLY.content[0].text.strip())
    """)
    assert found.use.value == "label"


def test_the_branch_that_is_not_taken_has_another_reply() -> None:
    found = task("""
        def handle(mail, deep):
            if deep:
                text = REPLY.content[0].text
            else:
                text = mail
                if text == "yes":
                    return 1
            send(text)
    """)
    assert not said(found, "compared")


# --- parsed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "use"),
    [
        ("return json.loads(reply.content[0].text)", "extraction"),
        (
            "data = json.loads(reply.content[0].text)\nreturn data['name'], data['born']",
            "extraction",
        ),
        ("data = json.loads(reply.content[0].text)\nreturn data['category']", "label"),
        (
            "data = json.loads(reply.content[0].text)\n"
            "return data.get('score'), data.get('reasoning')",
            "judgement",
        ),
        ("return int(reply.content[0].text.strip())", "judgement"),
        ("return float(reply.content[0].text)", "judgement"),
        ("m = re.search(r'(\\d+)', reply.content[0].text)\nreturn int(m.group(1))", "judgement"),
        ("m = re.search(r'(yes|no)', reply.content[0].text)\nreturn m.group(1) == 'yes'", "label"),
        ("return parse_json(reply.content[0].text)", "extraction"),
        ("return Invoice.model_validate_json(reply.content[0].text)", "extraction"),
        (
            "data = json.loads(reply.content[0].text)\nreturn int(data['age']), data['x']",
            "extraction",
        ),
        # a message taken apart is no text taken apart
        ("return parse_response(reply)", "unknown"),
    ],
)
def test_what_is_parsed_is_told_by_its_fields(body: str, use: str) -> None:
    assert used(body) == use


def test_what_is_made_up_in_the_form_of_data_is_no_extraction() -> None:
    body = "return json.loads(reply.content[0].text)"
    assert used(body, "handle_mail") == "extraction"
    assert used(body, "generate_lessons") == "unknown"
    assert used(body, "write_story") == "unknown"
    assert used(body, "merge_notes") == "unknown"
    assert used(body, "analyze_tone") == "unknown"


def test_what_is_analysed_into_one_of_a_few_is_a_label() -> None:
    body = 'text = reply.content[0].text\nreturn text if text in ("good", "bad") else "mixed"'
    assert used(body, "analyze_tone") == "label"


def test_names_make_what_was_parsed_more_exact() -> None:
    body = "return json.loads(reply.content[0].text)"
    assert used(body, "score_candidates") == "judgement"
    assert used(body, "classify_batch") == "label"
    assert used(body, "choose_next_route") == "label"
    assert used(body, "route_request") == "routing"


# --- forward: helpers, callers, other ways to call -----------------------------------------------


def test_a_reply_is_followed_into_a_helper_and_out_of_it() -> None:
    found = task("""
        import json
        class Reader:
            def read(self, mail):
                reply = REPLY
                return self._parse(reply)
            def _parse(self, message):
                text = message.content[0].text.strip()
                return json.loads(text)
    """)
    assert found.use.value == "extraction"
    assert said(found, "parsed") == ["the reply is parsed by json.loads in line 11"]


def test_a_helper_that_returns_the_text_is_followed_to_each_caller() -> None:
    text = HEAD + dedent("""
        def ask(prompt, cap):
            reply = client.messages.create(model="claude-opus-5-5", max_tokens=cap,
                messages=[{"role": "user", "content": prompt}])
            return reply.content[0].text
        def urgent(mail):
            return ask(f"Is this urgent? {mail}", 5).strip().lower() == "yes"
        def story(mail):
            print(ask(f"Write a story about this: {mail}", 900))
    """)
    uses = {r.params["max_tokens"].value: r.task.use.value for r in sent(text)}  # type: ignore[union-attr]
    assert uses == {5: "label", 900: "open-answer"}


def test_tuples_are_unpacked() -> None:
    found = task("""
        def ask(mail):
            reply = REPLY
            return reply.content[0].text, reply.usage
        def urgent(mail):
            answer, usage = ask(mail)
            return answer == "yes"
    """)
    assert found.use.value == "label"


@pytest.mark.parametrize(
    "send",
    [
        "await aclient.messages.create(**kwargs)",
        "await asyncio.wait_for(aclient.messages.create(**kwargs), 30)",
        "await asyncio.to_thread(client.messages.create, **kwargs)",
        "retry(lambda: client.messages.create(**kwargs))",
        "client.messages.with_raw_response.create(**kwargs).parse()",
    ],
)
def test_ways_to_call(send: str) -> None:
    found = task(f"""
        import asyncio
        aclient = anthropic.AsyncAnthropic()
        kwargs = {{"model": "claude-opus-5-5", "max_tokens": 5,
                   "messages": [{{"role": "user", "content": "hi"}}]}}
        async def urgent():
            reply = {send}
            return reply.content[0].text == "yes"
    """)
    assert found.use.value == "label"


def test_a_nested_function_run_elsewhere_hands_back_the_reply() -> None:
    found = task("""
        import asyncio
        async def urgent(mail):
            def send():
                return TINY
            reply = await asyncio.to_thread(send)
            return reply.content[0].text == "yes"
    """)
    assert found.use.value == "label"


@pytest.mark.parametrize(
    "body",
    [
        "for text in s.text_stream:\n    print(text, end='')",
        "for event in s:\n    if event.type == 'text':\n        print(event.delta.text)",
        "for text in s.text_stream:\n    yield text",
        "text = ''\nfor piece in s.text_stream:\n    text += piece\nbot.send_message(text)",
    ],
)
def test_what_is_streamed_to_somebody_is_an_open_answer(body: str) -> None:
    lines = indent(body, " " * 8)
    found = task(f"""
def chat(mail):
    with {request().replace(".create", ".stream")} as s:
{lines}
""")
    assert found.use.value == "open-answer"


def test_what_a_web_handler_returns_is_shown() -> None:
    found = task("""
        from fastapi import FastAPI
        app = FastAPI()
        @app.post("/x")
        def handle(mail: str):
            return {"reply": REPLY.content[0].text}
    """)
    assert found.use.value == "open-answer"
    assert said(found, "shown") == ["the reply is shown by handle() in line 8"]


def test_what_went_wrong_is_not_the_reply() -> None:
    found = task("""
        import json
        def handle(mail):
            reply = REPLY
            try:
                return json.loads(reply.content[0].text)["score"]
            except ValueError:
                print(reply.content[0].text)
    """)
    assert found.use.value == "judgement"


def test_a_wrapper_for_anything_is_for_nothing_known() -> None:
    found = task("""
        class LLM:
            def chat(self, messages):
                reply = client.messages.create(
                    model="claude-opus-5-5", max_tokens=900, messages=messages)
                return reply.content[0].text
    """)
    assert found.use.value == "unknown"


def test_a_helper_that_parses_whatever_it_is_asked_for_is_for_nothing_known() -> None:
    found = task("""
        def ask(messages, shape):
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=900, messages=messages)
            return shape.model_validate_json(reply.content[0].text)
    """)
    assert found.use.value == "unknown"
    assert said(found, "parsed")


def test_a_name_that_a_loop_carries_on_is_followed_into_its_next_round() -> None:
    body = """
        for event in reply:
            if event.type == "content_block_start":
                block = event.content_block
            elif event.type == "content_block_stop":
                print(block.text)
    """
    assert used(body) == "open-answer"
    body = """
        for mail in items:
            if mail == "old":
                print(text)
            text = reply.content[0].text
    """
    assert used(body) == "open-answer"
    assert used(body.replace("for mail in items:", "if items:")) == "unknown"


def test_strong_signals_that_disagree_leave_it_unknown() -> None:
    body = 'text = reply.content[0].text\nprint(text)\nreturn text in ("bug", "wish")'
    assert used(body) == "unknown"
    assert used(body, cap=5) == "label"  # there is room for nothing else
    number = 'text = reply.content[0].text\nif text in ("a", "b"):\n    return 1\nreturn int(text)'
    assert used(number) == "unknown"


# --- tools ---------------------------------------------------------------------------------------

LOOP = """
    def run(task):
        messages = [{"role": "user", "content": task}]
        HOW:
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=900, messages=messages, tools=[])
            messages.append({"role": "assistant", "content": reply.content})
            calls = [b for b in reply.content if b.type == "tool_use"]
            if not calls:
                return reply.content[0].text
            messages.append({"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": b.id, "content": "ok"} for b in calls]})
"""


def test_a_loop_that_answers_tools_is_an_agent() -> None:
    found = task(LOOP.replace("HOW", "while True"))
    assert found.use.value == "agent-loop"
    assert said(found, "tools") == [
        "calls of tools in the reply (line 10) are answered by the loop at line 6"
    ]
    assert task(LOOP.replace("HOW", "if task")).use.value != "agent-loop"


def test_a_runner_is_an_agent() -> None:
    found = task("""
        runner = client.beta.messages.tool_runner(model="claude-opus-5-5", max_tokens=900,
            tools=[], messages=[{"role": "user", "content": "hi"}])
        for message in runner:
            print(message.content[0].text)
    """)
    assert found.use.value == "agent-loop"


# --- the shape asked for -------------------------------------------------------------------------


def shaped(properties: str) -> Task:
    return task(f"""
        def handle(mail):
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=500,
                messages=[{{"role": "user", "content": mail}}],
                tools=[{{"name": "note", "input_schema": {{
                    "type": "object", "properties": {properties}}}}}],
                tool_choice={{"type": "tool", "name": "note"}},
            ).content[0].input
    """)


@pytest.mark.parametrize(
    ("properties", "use"),
    [
        ('{"x": {"type": "string", "enum": ["a", "b"]}}', "label"),
        ('{"x": {"type": "boolean"}, "reason": {"type": "string"}}', "label"),
        ('{"x": {"type": "integer"}}', "judgement"),
        ('{"score": {"type": "number"}, "explanation": {"type": "string"}}', "judgement"),
        ('{"category": {"type": "string"}}', "label"),
        ('{"agent": {"type": "string"}}', "routing"),
        ('{"title": {"type": "string"}}', "title"),
        ('{"answer": {"type": "string"}}', "extraction"),
        ('{"name": {"type": "string"}, "born": {"type": "integer"}}', "extraction"),
    ],
)
def test_a_forced_tool_tells_by_its_fields(properties: str, use: str) -> None:
    assert shaped(properties).use.value == use


def test_a_schema_that_cannot_be_seen_tells_nothing() -> None:
    found = task("""
        from shapes import TOOLS
        def handle(mail):
            return client.messages.create(
                model="claude-opus-5-5", max_tokens=500, tools=TOOLS,
                messages=[{"role": "user", "content": f"Read this mail carefully: {mail}"}],
                tool_choice={"type": "tool", "name": "note"},
            ).content[0].input
    """)
    assert found.use.value == "unknown"
    assert said(found, "schema") == ["the reply has to call the tool note"]


def test_the_output_format_is_read_from_classes_and_schemas() -> None:
    found = task("""
        from typing import Literal
        from pydantic import BaseModel
        class Verdict(BaseModel):
            kind: Literal["bug", "wish"]
            reason: str
        def handle(mail):
            return client.messages.parse(model="claude-opus-5-5", max_tokens=500,
                messages=[{"role": "user", "content": mail}], output_format=Verdict).parsed_output
    """)
    assert found.use.value == "label"
    assert said(found, "schema") == ["the reply is a Verdict (kind, reason)"]
    found = task("""
        def handle(mail):
            return client.messages.create(model="claude-opus-5-5", max_tokens=500,
                messages=[{"role": "user", "content": mail}],
                output_config={"format": {"type": "json_schema", "schema": {
                    "type": "object", "properties": {"urgent": {"type": "boolean"}}}}})
    """)
    assert found.use.value == "label"


# --- names, room, words --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("summarize_thread", "summary"),
        ("generate_title", "title"),
        ("translate_page", "translation"),
        ("extract_text", "extraction"),
        ("resumir_conversa", "summary"),
        ("traduire_page", "translation"),
        ("zusammenfassen", "summary"),
        ("перевести", "translation"),
        ("reply_to_mail", "open-answer"),
        ("handle_mail", "open-answer"),
        ("generate_topic", "open-answer"),
        ("send_summary", "open-answer"),
        # a name alone makes no choice of what has room for an essay
        ("classify_mail", "unknown"),
        ("is_urgent", "unknown"),
    ],
)
def test_names_tell_what_a_text_is(name: str, use: str) -> None:
    assert used("return reply.content[0].text", name) == use


def test_a_name_and_little_room_make_a_label() -> None:
    assert used("return reply.content[0].text", "classify_mail", cap=20) == "label"
    assert used("return reply.content[0].text", "route_mail", cap=20) == "routing"
    assert used("return reply.content[0].text", "grade_essay", cap=20) == "judgement"


def test_little_room_alone_makes_nothing() -> None:
    assert used("return reply.content is not None", cap=10) == "unknown"
    assert used("return reply.content[0].text", cap=10) == "unknown"


def test_constants_and_variables_tell() -> None:
    found = task("""
        CLASSIFIER_MODEL = "claude-opus-5-5"
        TRIAGE_PROMPT = "What is this about?"
        def handle(mail):
            reply = client.messages.create(model=CLASSIFIER_MODEL, max_tokens=16,
                system=TRIAGE_PROMPT, messages=[{"role": "user", "content": mail}])
            category = reply.content[0].text
            return category
    """)
    assert said(found, "name") == [
        "it is made with CLASSIFIER_MODEL",
        "it is made with TRIAGE_PROMPT",
        "the reply is called category in line 9",
    ]
    assert found.use.value == "label"


@pytest.mark.parametrize(
    ("words", "use"),
    [
        ("Classify this mail", "label"),
        ("Classifique este e-mail", "label"),
        ("Clasifica este correo", "label"),
        ("Traduisez ce texte", "translation"),
        ("Bewerte diesen Aufsatz", "judgement"),
        ("لخص هذا النص", "summary"),
        ("סכם את הטקסט", "summary"),
        ("Классифицируй письмо", "label"),
        ("次の文を翻訳してください", "translation"),
        ("请提取姓名", "extraction"),
        ("Classification is hard", ""),
    ],
)
def test_words_of_the_prompt_are_listed_and_decide_nothing(words: str, use: str) -> None:
    found = sent(HEAD + f"def handle(mail):\n    return {request(900, words + ': {mail}')}\n")[0]
    assert [s.use.value for s in found.task.signals if s.kind == "prompt"] == ([use] if use else [])
    assert found.task.use.value == "unknown"


def test_words_and_room_for_a_label_agree() -> None:
    text = f"def handle(mail):\n    return {request(8, 'Classify this: {mail}')}.content[0].text\n"
    assert sent(HEAD + text)[0].task.use.value == "label"


def test_stop_sequences_are_listed() -> None:
    found = task("""
        client.messages.create(model="claude-opus-5-5", max_tokens=9, stop_sequences=["</score>"],
            messages=[{"role": "user", "content": "hi"}])
    """)
    assert said(found, "stop-sequence") == ["the reply ends at '</score>' (stop_sequences)"]


def test_counting_tokens_is_for_nothing() -> None:
    found = task("""
        def classify(mail):
            return client.messages.count_tokens(model="claude-opus-5-5",
                messages=[{"role": "user", "content": mail}])
    """)
    assert found == Task()


def test_the_reply_of_a_batch_comes_elsewhere() -> None:
    found = task("""
        def classify(mails):
            client.messages.batches.create(requests=[
                {"custom_id": str(n), "params": {"model": "claude-opus-5-5", "max_tokens": 8,
                 "messages": [{"role": "user", "content": mail}]}}
                for n, mail in enumerate(mails)])
    """)
    assert found.use.value == "label"
    assert {s.kind for s in found.signals} == {"max-tokens", "name"}


def test_a_set_that_is_made_of_itself_ends() -> None:
    body = "kinds = set(kinds)\nreturn reply.content[0].text in kinds"
    assert used(body) == "unknown"


@pytest.mark.parametrize(
    "body",
    [
        "return re.search(pattern='x', string=reply.content[0].text)",
        "return get(reply.content[0].text)",
        "return [][0](reply)(reply.content[0].text)",
        "return (lambda text: text)(reply.content[0].text)",
        "reply.content[0].text",
    ],
)
def test_unusual_code_is_passed_over(body: str) -> None:
    assert used(body) in ("unknown", "open-answer")


def test_a_reply_that_goes_in_circles_ends() -> None:
    found = task("""
        def handle(mail, depth=0):
            text = REPLY.content[0].text
            while depth:
                text = clean(text)
                text = other(text)
            return handle(text, depth + 1)
        def other(text):
            return handle(text)
    """)
    assert found.use.value in ("unknown", "open-answer")


# --- the words themselves ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("parseJSON_reply", ["parse", "json", "reply"]),
        ("TicketClassifier", ["ticket", "classifier"]),
        ("CLASSIFIER_MODEL", ["classifier", "model"]),
        ("évaluer_texte", ["évaluer", "texte"]),
        ("v2score", ["v", "score"]),
    ],
)
def test_identifiers_are_taken_apart(name: str, parts: list[str]) -> None:
    assert facts.words(name) == parts


def test_no_word_is_listed_under_two_uses() -> None:
    from skinflint.catalog.compiled import read

    data = read("task")
    for kind in ("verbs", "nouns"):
        listed = [
            word for use in facts.USES for word in sorted(set(data["words"][use][kind].split()))
        ]
        twice = sorted({word for word in listed if listed.count(word) > 1})
        assert twice == []
