"""SKF401: two signals of a small task, and a model of the top lines."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from skinflint.cli.bill import bill_for
from skinflint.cli.run import Arguments, judged, read_input
from skinflint.cli.selection import Asked
from skinflint.fixers import apply
from skinflint.fixers.verify import Checked
from skinflint.linter import config, engine
from skinflint.linter.findings import Applicability, Finding, ReplaceString, Severity
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.oversized_model import OversizedModel

#: Most of what makes a task small is told with --preview; what is told without stands at the end.
CONTEXT = Context(as_of=datetime.date(2026, 11, 22), preview=True)
HEAD = """\
import json
import anthropic
client = anthropic.Anthropic()
"""
CALL = """client.messages.create(model="claude-opus-5-5", max_tokens=10,
        messages=[{"role": "user", "content": mail}])"""


def found(
    text: str, context: Context = CONTEXT, path: str = "app.py", head: str = HEAD
) -> tuple[Finding, ...]:
    body = head + dedent(text).replace("CALL", CALL)
    result = engine.check(
        [from_bytes(path, body.encode())],
        [OversizedModel()],
        config.load(None, None, isolated=True),
        context,
    )
    assert result.problems == ()
    return result.findings


def routed(**table: str) -> Context:
    return replace(CONTEXT, routing={k.replace("_", "-"): v for k, v in table.items()})


URGENT = """
    def is_urgent(mail):
        return CALL.content[0].text == "yes"
"""


def test_it_names_signals_price_and_the_eval() -> None:
    (finding,) = found(URGENT)
    assert finding.message == (
        "claude-opus-5-5 answers with a label: the reply is compared with 'yes' in line 6; the "
        "reply has room for 10 tokens (max_tokens); it is sent in is_urgent(). For the same text "
        "it costs 40 times as much as claude-haiku-5-5 (8 times in prompts of more than 100,000 "
        "tokens). Gate the change by an eval."
    )
    assert finding.cost is not None
    assert finding.cost.ratio == 40
    assert finding.fix is None
    assert "[tool.skinflint.routing]" in (finding.no_fix or "")


@pytest.mark.parametrize(
    "text",
    [
        # one signal
        'def handle(mail):\n    return CALL.replace("10", "900").content[0].text',
        'def handle(mail, text):\n    text = ask(mail)\n    return text == "yes"',
        # a smaller model
        URGENT.replace("CALL", CALL.replace("opus", "sonnet")),
        URGENT.replace("CALL", CALL.replace("opus", "haiku")),
        # the size is chosen elsewhere
        URGENT.replace("mail)", "mail, hard)").replace(
            "CALL",
            CALL.replace('"claude-opus-5-5"', '"claude-opus-5-5" if hard else "claude-haiku-5-5"'),
        ),
        # scripts that compare models
        URGENT.replace("is_urgent", "benchmark_urgent"),
        # prompts say what they like
        "def handle(mail):\n    return client.messages.create(model='claude-opus-5-5',"
        " max_tokens=900, messages=[{'role': 'user', 'content': f'Classify: {mail}'}])"
        ".content[0].text",
        # what is made up as data
        "def plan(mail):\n    return json.loads(client.messages.create(model='claude-opus-5-5',"
        " max_tokens=900, messages=[{'role': 'user', 'content': mail}]).content[0].text)",
        # a decision of an agent, with all that it weighs
        "def decide(mail):\n    return json.loads(client.messages.create(model='claude-opus-5-5',"
        " max_tokens=900, messages=[{'role': 'user', 'content': mail}]).content[0].text)",
    ],
)
def test_silent(text: str) -> None:
    assert found(text) == ()


def test_the_name_of_the_file_may_say_that_models_are_compared() -> None:
    assert found(URGENT, path="model_comparison.py") == ()


def test_a_partner_cloud_has_prices_of_its_own() -> None:
    text = URGENT.replace("CALL", CALL.replace("client.", "anthropic.AnthropicBedrock()."))
    assert found(text) == ()


def test_haiku_45_counts_fewer_tokens_than_its_successor() -> None:
    (finding,) = found(URGENT.replace("CALL", CALL.replace("opus-5-5", "opus-4-6")))
    assert finding.cost is not None
    # 5 over 0.10 dollars, at 1.3 tokens for one
    assert finding.cost.ratio == pytest.approx(50 / 1.3, abs=0.01)


def test_a_long_prompt_falls_into_the_dearer_band() -> None:
    text = """
    BOOK = "A chapter about the weather. " * 40000
    def is_urgent(mail):
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=10, system=BOOK,
            messages=[{"role": "user", "content": mail}])
        return reply.content[0].text == "yes"
    """
    long = text.replace('"A chapter about the weather. " * 40000', repr("Rain, rain. " * 90000))
    (finding,) = found(long)
    assert finding.cost is not None
    assert finding.cost.ratio == 8
    assert "costs 8 times as much" in finding.message
    assert "in prompts of more than" not in finding.message


@pytest.mark.parametrize(
    "comment",
    ["# Opus on purpose: haiku was not good enough", "# deliberately large", "# bewusst groß"],
)
def test_a_comment_near_the_model_says_that_the_size_is_meant(comment: str) -> None:
    beside = URGENT.replace("CALL", CALL.replace("max_tokens", f"{comment}\n        max_tokens"))
    above = URGENT.replace("        return", f"        {comment}\n        return")
    for text in (beside, above):
        assert not found(text), text
    constant = f"""
    {comment}
    MODEL = "claude-opus-5-5"
    {dedent(URGENT).replace("CALL", CALL.replace('"claude-opus-5-5"', "MODEL"))}
    """
    body = "\n".join(
        line.strip(" ") if "MODEL =" in line or comment in line else line
        for line in constant.split("\n")
    )
    assert not found(body)
    assert found(body.replace(comment, "# says yes or no"))


def test_a_docstring_that_names_the_model_says_that_it_is_meant() -> None:
    told = '"""Sorts mail.\n\nModel: claude-opus-5-5, non-negotiable.\n"""\n'
    assert not found(URGENT, head=told + HEAD)
    (finding,) = found(URGENT, head=told.replace("claude-opus-5-5", "the best") + HEAD)
    assert finding.severity is Severity.WARNING


def test_other_comments_change_nothing() -> None:
    text = URGENT.replace("        return", "        # is it urgent?\n        return")
    (finding,) = found(text)
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "asked",
    [
        'output_config={"effort": "high"}',
        'thinking={"type": "enabled", "budget_tokens": 8000}',
    ],
)
def test_much_thinking_says_that_the_size_is_meant(asked: str) -> None:
    assert not found(URGENT.replace("CALL", CALL.replace("max_tokens", f"{asked}, max_tokens")))
    low = asked.replace("high", "low").replace("8000", "1024")
    (finding,) = found(URGENT.replace("CALL", CALL.replace("max_tokens", f"{low}, max_tokens")))
    assert finding.severity is Severity.WARNING
    text = """
    def extract_order(mail):
        fields = json.loads(CALL.content[0].text)
        return fields["city"], fields["street"]
    """.replace("CALL", CALL.replace("max_tokens=10", f"{low}, max_tokens=900"))
    assert found(text)
    assert not found(text.replace(low, asked))


def test_a_judge_should_be_no_weaker_than_what_it_judges() -> None:
    assert not found(URGENT.replace("is_urgent", "judge_answer"))
    (finding,) = found(URGENT.replace("is_urgent", "score_offer"))
    assert finding.severity is Severity.WARNING


def test_a_judge_that_has_to_change_anyway_is_left_alone() -> None:
    text = URGENT.replace("is_urgent", "judge_answer")
    old = CALL.replace("claude-opus-5-5", "claude-opus-4-5")
    ending = replace(CONTEXT, as_of=datetime.date(2027, 1, 10))
    assert found(text.replace("CALL", old), ending) == ()
    assert len(found(URGENT.replace("CALL", old), ending)) == 1


def test_a_retired_model_costs_nothing() -> None:
    text = URGENT.replace("CALL", CALL.replace("claude-opus-5-5", "claude-opus-4-5"))
    for day, count in ((21, 1), (22, 0)):
        context = replace(CONTEXT, as_of=datetime.date(2027, 1, day))
        assert len(found(text, context)) == count, day


# --- the fix -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["label", "claude_opus_5_5"])
def test_the_users_table_makes_the_fix(name: str) -> None:
    (finding,) = found(URGENT, routed(**{name: "claude-haiku-5-5"}))
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE
    assert finding.fix.changes_model
    (op,) = finding.fix.ops
    assert isinstance(op, ReplaceString)
    assert (op.old, op.new) == ("claude-opus-5-5", "claude-haiku-5-5")


def test_a_task_in_the_table_comes_before_the_model() -> None:
    table = routed(label="claude-haiku-5-5", claude_opus_5_5="claude-sonnet-5-5")
    (finding,) = found(URGENT, table)
    assert finding.fix is not None
    assert finding.fix.title == "Use claude-haiku-5-5"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("temperature=0, ", "rejects temperature"),
        ('thinking={"type": "enabled", "budget_tokens": 2000}, ', "rejects a thinking budget"),
    ],
)
def test_a_parameter_that_the_new_model_rejects_stops_the_fix(more: str, says: str) -> None:
    call = CALL.replace("opus-5-5", "opus-4-6").replace("max_tokens", more + "max_tokens")
    (finding,) = found(URGENT.replace("CALL", call), routed(label="claude-haiku-5-5"))
    assert finding.fix is None
    assert says in (finding.no_fix or "")


def test_thinking_turned_off_is_no_obstacle() -> None:
    call = CALL.replace("max_tokens", 'thinking={"type": "disabled"}, max_tokens')
    (finding,) = found(URGENT.replace("CALL", call), routed(label="claude-haiku-5-5"))
    assert finding.fix is not None


def test_a_prefilled_reply_stops_the_fix() -> None:
    call = CALL.replace("opus-5-5", "opus-4-5").replace(
        "mail}]", 'mail}, {"role": "assistant", "content": "Answer:"}]'
    )
    (finding,) = found(URGENT.replace("CALL", call), routed(label="claude-haiku-5-5"))
    assert "a prefilled reply" in (finding.no_fix or "")


def test_the_table_has_to_name_a_smaller_model() -> None:
    (finding,) = found(URGENT, routed(label="claude-fable-5-2"))
    assert finding.fix is None
    assert "no smaller model" in (finding.no_fix or "")
    (finding,) = found(URGENT, routed(label="somebody-elses"))
    assert finding.fix is None


def test_a_constant_is_replaced_only_where_it_is_named_for_the_task() -> None:
    shared = f"""
MODEL = "claude-opus-5-5"
{dedent(URGENT).replace("CALL", CALL.replace('"claude-opus-5-5"', "MODEL"))}
"""
    (finding,) = found(shared, routed(label="claude-haiku-5-5"))
    assert finding.primary.line > 5  # where the request names it
    assert "may serve other requests" in (finding.no_fix or "")
    (finding,) = found(
        shared.replace("MODEL", "CLASSIFIER_MODEL"), routed(label="claude-haiku-5-5")
    )
    assert finding.fix is not None


HELPER = """
    def ask(prompt, model="claude-opus-5-5"):
        reply = client.messages.create(model=model, max_tokens=200,
            messages=[{"role": "user", "content": prompt}])
        return reply.content[0].text
    def is_urgent(mail):
        return ask(mail) == "yes"
    def story(mail):
        print(ask(mail))
"""


def test_what_a_helper_serves_one_caller_with_is_not_held_against_it() -> None:
    assert found(HELPER) == ()


def test_a_model_that_the_caller_hands_in_is_its_own() -> None:
    text = HELPER.replace("ask(mail) ==", 'ask(mail, "claude-opus-5-5") ==').replace(
        "max_tokens=200", "max_tokens=20"
    )
    (finding,) = found(text, routed(label="claude-haiku-5-5"))
    assert finding.primary.line == 10
    assert finding.fix is not None


def test_the_fix_is_applied_and_then_there_is_nothing_to_report() -> None:
    context = routed(label="claude-haiku-5-5")
    whole = from_bytes("app.py", (HEAD + dedent(URGENT).replace("CALL", CALL)).encode())
    settings = config.load(None, None, isolated=True)

    def recheck(overlay: Mapping[str, str]) -> Checked:
        now = whole.replace_text(overlay[whole.path]) if whole.path in overlay else whole
        result = engine.check([now], [OversizedModel()], settings, context)
        return Checked(result.requests, result.findings, result.problems)

    sources = {whole.path: whole}
    outcome = apply.run(sources, recheck, unsafe=True, write=False, bill=bill_for(context))
    assert outcome.after == {"app.py": whole.text.replace("claude-opus-5-5", "claude-haiku-5-5")}
    assert outcome.checked.findings == ()
    assert apply.run(sources, recheck, unsafe=False, write=False).after == {}


def test_an_explanation_of_what_was_decided_is_no_judgement() -> None:
    text = """
    def score_offers(offers):
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=2000,
            messages=[{"role": "user", "content": f"Explain each score in a sentence: {offers}"}])
        said = {}
        for each in json.loads(reply.content[0].text):
            said[each["index"]] = each["FIELD"]
        return said
    """
    assert found(text.replace("FIELD", "explanation")) == ()
    assert len(found(text.replace("FIELD", "score"))) == 1


# -- what is told without being asked for ----------------------------------------------------------

USUAL = replace(CONTEXT, preview=False)
MANY = """
    def work(mails):
        for mail in mails:
            store(is_urgent(mail))
"""


def usual(text: str, more: str = MANY, **options: str) -> tuple[Finding, ...]:
    """What is found by default in code that goes through records."""
    return found(dedent(text) + dedent(more), USUAL, **options)


def test_a_choice_that_is_made_for_each_record_is_told_by_default() -> None:
    (finding,) = usual(URGENT)
    assert "answers with a label" in finding.message


@pytest.mark.parametrize(
    "more",
    [
        "",  # nobody is seen to call it
        "print(is_urgent(open('mail.txt').read()))\n",
        # a handful of rounds
        "for each in ['a', 'b', 'c']:\n    print(is_urgent(each))\n",
    ],
)
def test_what_is_sent_now_and_then_costs_cents(more: str) -> None:
    assert usual(URGENT, more) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # there is room for more than the choice, and more may be meant
        ('.content[0].text == "yes"', '.content[0].text.startswith("yes")'),
        ("max_tokens=10", 'max_tokens=10, thinking={"type": "enabled", "budget_tokens": 1024}'),
        ("max_tokens=10", 'max_tokens=10, thinking={"type": "adaptive"}'),
        ("max_tokens=10", 'max_tokens=10, output_config={"effort": "low"}'),
        ("max_tokens=10", "max_tokens=10, tools=[look_up]"),
        ("max_tokens=10", "max_tokens=10, **options"),
        # a train of thought
        ("mail}]", 'f"Think step by step: {mail}"}]'),
        # the whole of a document
        (
            "mail}]",
            '[{"type": "document", "source": {"type": "base64", "data": mail}}]}]',
        ),
        # it is about to be retired: another rule names its successor
        ("opus-5-5", "opus-4-5"),
    ],
)
def test_what_may_be_more_than_a_choice_waits_for_preview(old: str, new: str) -> None:
    text = dedent(URGENT).replace("CALL", CALL)
    assert old in text
    changed = text.replace(old, new)
    if "startswith" in new:
        changed = changed.replace("max_tokens=10", "max_tokens=900")
    when = replace(CONTEXT, as_of=datetime.date(2026, 12, 20))
    assert found(changed + dedent(MANY), replace(when, preview=False)) == ()
    assert len(found(changed + dedent(MANY), when)) == 1
    assert len(found(text + dedent(MANY), replace(when, preview=False))) == 1


@pytest.mark.parametrize("name", ["decide_trade", "is_vulnerable_to_exploit", "is_fraud"])
def test_where_much_hangs_on_the_answer_it_waits_for_preview(name: str) -> None:
    text, more = (each.replace("is_urgent", name) for each in (URGENT, MANY))
    assert usual(text, more) == ()
    assert len(found(dedent(text) + dedent(more))) == 1


@pytest.mark.parametrize("path", ["verdicts/eval_mails.py", "fraud.py"])
def test_the_file_may_say_that_much_hangs_on_it(path: str) -> None:
    assert usual(URGENT, path=path) == ()


FIELDS = """
    def score_offer(offer):
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=2000,
            messages=[{"role": "user", "content": f"Score this from 0 to 100: {offer}"}])
        said = json.loads(reply.content[0].text)
        RETURN
    def work(offers):
        for offer in offers:
            store(score_offer(offer))
"""


@pytest.mark.parametrize(
    ("kept", "times"),
    [
        ('return said["score"]', 1),
        ('return said["score"], said.get("reason", ""), said["is_cheap"]', 1),
        ("return said", 0),  # whoever stores it may read more
        ("keep(said)\n        return said['score']", 0),
        ("self.said = said\n        return said['score']", 0),
        ('return {"offer": said, "score": said["score"]}', 0),
        ('return said["score"], said["letter_to_the_seller"]', 0),
        ('return said["score"], said["feedback"]', 0),  # that is the product
        ('return said["score"], said["decision"]', 0),
        ('return said["score_description"]', 0),
    ],
)
def test_all_that_is_read_of_data_has_to_be_a_choice(kept: str, times: int) -> None:
    assert len(usual(FIELDS.replace("RETURN", kept), "")) == times


def test_records_under_their_keys_are_read_as_well() -> None:
    text = """
    def score_offers(offers):
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=2000,
            messages=[{"role": "user", "content": f"Score each from 0 to 100: {offers}"}])
        by_id = {each["id"]: each for each in json.loads(reply.content[0].text)}
        for offer in offers:
            told = by_id.get(offer.id)
            offer.score = told.get("score")
            offer.more = told.get("pros")
    def work(pages):
        for page in pages:
            score_offers(page)
    """
    assert len(usual(text, "")) == 1
    assert usual(text.replace('"pros"', '"letter"'), "") == ()


PICKS = """
    def pick_photos(flats):
        letters = {}
        for flat in flats:
            letters[flat.id] = dict(zip("ABCD", flat.photos))
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=2000,
            messages=[{"role": "user", "content": f"Which is the best of each? {letters}"}])
        picks = json.loads(reply.content[0].text)
        return {name: letters[name].get(letter) for name, letter in picks.items()}
    def work(pages):
        for page in pages:
            pick_photos(page)
"""


def test_a_reply_may_name_entries_of_what_was_there_before() -> None:
    (finding,) = usual(PICKS, "")
    assert "items of the reply are looked up in `letters`" in finding.message


def test_names_that_nobody_offered_are_recalled() -> None:
    text = """
    KNOWN = {"A": 1, "B": 2}
    def pick_series(question):
        OFFERED
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=200,
            messages=[{"role": "user", "content": f"Which series speak of {question}?"}])
        return USE
    def work(questions):
        for question in questions:
            pick_series(question)
    """
    asked, read = "listed = str(KNOWN)", "json.loads(reply.content[0].text)"
    chosen = text.replace("USE", f"[name for name in {read} if name in KNOWN]")
    assert len(usual(chosen.replace("OFFERED", asked), "")) == 1
    assert usual(chosen.replace("OFFERED", "pass"), "") == ()
    assert usual(text.replace("USE", f"[load(name) for name in {read}]"), "") == ()


def test_what_comes_twice_is_no_choice() -> None:
    text = """
    def pick_words(mail):
        seen, kept = set(), []
        print(len(seen))
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=200,
            messages=[{"role": "user", "content": f"Pick three words of {mail}"}])
        for word in json.loads(reply.content[0].text):
            if word in seen:
                continue
            seen.add(word)
            kept.append(load(word))
        return kept
    def work(mails):
        for mail in mails:
            pick_words(mail)
    """
    assert usual(text, "") == ()


def test_fields_of_a_text_wait_for_preview() -> None:
    text = """
    def extract_order(mail):
        fields = json.loads(CALL.content[0].text)
        return fields["city"], fields["street"]
    def work(mails):
        for mail in mails:
            store(extract_order(mail))
    """.replace("CALL", CALL.replace("max_tokens=10", "max_tokens=900"))
    assert len(found(text)) == 1
    assert usual(text, "") == ()


TOOL = """
    TOOL = {"name": "file_it", "input_schema": {"type": "object", "properties": FIELDS}}
    def classify(mail):
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=200, tools=[TOOL],
            tool_choice={"type": "tool", "name": "file_it"},
            messages=[{"role": "user", "content": mail}])
        return reply.content[0].input
    def work(mails):
        for mail in mails:
            store(classify(mail))
"""


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ('{"folder": {"type": "string", "enum": ["in", "out"]}}', 1),
        ('{"urgent": {"type": "boolean"}, "reason": {"type": "string"}}', 1),
        ('{"category": {"type": "string"}, "answer": {"type": "string"}}', 0),
    ],
)
def test_a_forced_tool_may_have_room_for_choices_alone(fields: str, times: int) -> None:
    text = TOOL.replace("FIELDS", fields)
    assert len(usual(text, "")) == times


@pytest.mark.parametrize(
    "line",
    [
        "# Opus, as haiku missed too much",
        "# claude-opus-5-5 (best accuracy, highest cost)",
        '"""Sorts mail with Opus for superior quality."""',
    ],
)
def test_comments_and_docstrings_anywhere_in_the_file_may_say_it_was_weighed(line: str) -> None:
    said = f"def other():\n    {line}\n    return 1\n"
    assert usual(URGENT, dedent(MANY) + said) == ()
    plain = f"def other():\n    {line.replace('Opus', 'it').replace('haiku', 'it')}\n    return 1\n"
    told = plain.replace("claude-opus-5-5 ", "")
    assert len(usual(URGENT, dedent(MANY) + told)) == 1


@pytest.mark.parametrize("name", ["CLAUDE.md", "README.rst", "AGENTS.md", ".env.example"])
def test_documents_of_the_project_may_say_it_was_weighed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'mail'\n")
    folder = tmp_path / "mail"
    folder.mkdir()
    file = folder / "app.py"
    file.write_text(HEAD + dedent(URGENT).replace("CALL", CALL) + dedent(MANY))
    document = tmp_path / name

    def told() -> int:
        given = read_input(Arguments((".",), Asked(), as_of=CONTEXT.as_of, isolated=True))
        result = engine.merged(judged(given, engine.Sources()))
        return sum(each.rule.id == "SKF401" for each in result.findings)

    document.write_text("Mail is sorted by claude-opus-5-5, and you must have a key.\n")
    assert told() == 1
    document.write_text("Always use claude-opus-5-5 for this.\n")
    assert told() == 0


def test_a_default_that_a_setting_replaces_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.py").write_text('class Config:\n    MODEL = "claude-opus-5-5"\n')
    (tmp_path / "app.py").write_text(
        dedent(
            """
            import anthropic
            from flask import Flask, current_app

            app = Flask(__name__)
            app.config.from_object("config.Config")


            @app.post("/mail")
            def is_urgent(mail):
                model = current_app.config.get("MODEL", "claude-opus-4-8")
                reply = anthropic.Anthropic().messages.create(model=model, max_tokens=10,
                    messages=[{"role": "user", "content": mail}])
                return {"urgent": reply.content[0].text == "yes"}
            """
        )
    )
    given = read_input(Arguments((".",), Asked(), as_of=CONTEXT.as_of, isolated=True))
    result = engine.merged(judged(given, engine.Sources()))
    assert [each.rule.id for each in result.findings] == ["SKF401"]


def test_a_number_that_rates_nothing_may_be_an_estimate() -> None:
    text = """
    def ask_for(flat):
        reply = client.messages.create(model="claude-opus-5-5", max_tokens=10,
            messages=[{"role": "user", "content": flat}])
        return int(reply.content[0].text)
    def work(flats):
        for flat in flats:
            store(ask_for(flat))
    """
    assert len(found(text)) == 1
    assert usual(text, "") == ()
    assert len(usual(text.replace("ask_for", "rate_flat"), "")) == 1


def test_once_a_day_is_cents() -> None:
    text = """
    import time
    def is_urgent(mail):
        return CALL.content[0].text == "yes"
    def main():
        while True:
            store(is_urgent(open("mail.txt").read()))
            time.sleep(86400)
    main()
    """
    assert len(found(text)) == 1
    assert usual(text, "") == ()


OUTGROWN = """
    NOTE = {
        "name": "note_order",
        "description": "Take down what a customer orders.",
        "input_schema": {
            "type": "object",
            "properties": {"item": {"type": "string"}, "pieces": {"type": "integer"}},
        },
    }

    def order_in(mail):
        reply = client.messages.create(
            model="claude-3-opus-20240229",
            max_tokens=200,
            tools=[NOTE],
            tool_choice={"type": "tool", "name": "note_order"},
            messages=[{"role": "user", "content": mail}],
        )
        return reply.content[0].input

    print(order_in(input("Mail: ")))
"""


ASKS = """
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="claude-3-opus-20240229")
    MODEL = parser.parse_args().model
"""


def test_a_retired_model_that_the_smallest_is_ahead_of() -> None:
    (finding,) = found(OUTGROWN, replace(CONTEXT, preview=False))
    assert finding.message.startswith(
        "claude-opus-4-8, which replaces the retired claude-3-opus-20240229, is more than this"
    )
    assert "note_order (item, pieces)" in finding.message
    assert "50 times as much as claude-haiku-5-5" in finding.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("claude-3-opus-20240229", "claude-opus-4-20250514"),  # retired, but not outgrown
        ('tool_choice={"type": "tool", "name": "note_order"},', ""),  # nothing proves the task
        ("order_in(", "diagnose_patient("),  # much hangs on it
        ("        reply = ", "        # Haiku missed every third order\n        reply = "),
        ("claude-3-opus-20240229", "claude-3-5-sonnet-20240620"),  # of no top line
        ('"claude-3-opus-20240229"', "MODEL"),  # whoever starts it chooses
    ],
)
def test_a_retired_model_whose_successor_may_be_needed(old: str, new: str) -> None:
    assert old in OUTGROWN
    text = OUTGROWN.replace(old, new)
    if new == "MODEL":
        text = f"{ASKS}{text}"
    assert found(text, replace(CONTEXT, preview=False)) == ()
