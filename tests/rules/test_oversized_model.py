"""SKF401: two signals of a small task, and a model of the top lines."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from textwrap import dedent

import pytest

from skinflint.cli.bill import bill_for
from skinflint.fixers import apply
from skinflint.fixers.verify import Checked
from skinflint.linter import config, engine
from skinflint.linter.findings import Applicability, Finding, ReplaceString, Severity
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.oversized_model import OversizedModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
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
        ('thinking={"type": "enabled", "budget_tokens": 2000}, ', "rejects thinking"),
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
