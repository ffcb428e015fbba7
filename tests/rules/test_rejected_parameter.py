"""SKF901 on modules: what fails for sure, what may be guarded, and what the fix leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_examples import AS_OF, mended

from skinflint.linter import config, engine
from skinflint.linter.findings import Applicability, Finding
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context, Rule
from skinflint.rules.rejected_parameter import RejectedParameter
from skinflint.rules.retired_model import RetiredModel
from skinflint.rules.unknown_model import UnknownModel

CALL = """\
import anthropic

client = anthropic.Anthropic()


def ask(question):
    return client.{method}(
        model="{model}",
        max_tokens={tokens},
        {more}
        messages=[{{"role": "user", "content": question}}],
    )
"""


def call(
    more: str = "", model: str = "claude-opus-5", tokens: str = "900", method: str = ""
) -> str:
    return CALL.format(more=more, model=model, tokens=tokens, method=method or "messages.create")


def check(
    text: str,
    folder: Path,
    path: str = "app.py",
    *,
    preview: bool = False,
    rule: Rule | None = None,
) -> list[Finding]:
    """What the rule says of a module that lies in ``folder``."""
    file = from_bytes(str(folder / path), text.encode())
    settings = config.load(None, None, isolated=True)
    context = Context(as_of=AS_OF, preview=preview)
    result = engine.check([file], [rule or RejectedParameter()], settings, context)
    assert result.problems == ()
    return list(result.findings)


def pin(folder: Path, version: str) -> None:
    (folder / "requirements.txt").write_text(f"anthropic{version}\n")


@pytest.mark.parametrize(
    ("more", "model"),
    [
        ("temperature=0,", "claude-opus-4-7"),
        ("top_p=0.9,", "claude-sonnet-5"),
        ("top_k=40,", "claude-haiku-5-5"),
        ('thinking={"type": "enabled", "budget_tokens": 2000},', "claude-haiku-5-5"),
        ('thinking={"type": "disabled"},', "claude-opus-5-5"),
        ('thinking={"type": "enabled", "budget_tokens": 500},', "claude-haiku-4-5"),
        ('thinking={"type": "enabled", "budget_tokens": 2000},', "claude-haiku-4-5"),
        ('tool_choice={"type": "any"},', "claude-sonnet-5-5"),
        ('output_config={"effort": "low"},', "claude-sonnet-4-5"),
    ],
)
def test_what_a_model_rejects(more: str, model: str, tmp_path: Path) -> None:
    (found,) = check(call(more, model), tmp_path)
    assert found.primary.line == 10
    assert model in found.message
    assert found.message.endswith("the request fails.")


@pytest.mark.parametrize(
    ("more", "model"),
    [
        ("temperature=0,", "claude-opus-4-6"),
        ("temperature=1.0,", "claude-opus-5"),
        ("temperature=None,", "claude-opus-5"),
        ("temperature=anthropic.NOT_GIVEN,", "claude-opus-5"),
        ("temperature=question.heat,", "claude-opus-5"),
        ("temperature=0.5 if question else anthropic.NOT_GIVEN,", "claude-opus-5"),
        ("temperature=0,", "somebody-elses-model"),
        ("temperature=0,", "claude-3-opus-20240229"),  # it is gone, which another rule says
        ("temperature=0,", "anthropic.claude-opus-5"),
        ('thinking={"type": "adaptive"},', "claude-opus-5-5"),
        ('thinking={"type": "disabled"},', "claude-opus-5"),
        ('tool_choice={"type": "auto"},', "claude-sonnet-5-5"),
        ('tool_choice={"type": "any"},', "claude-opus-5"),
        ('output_config={"effort": "low"},', "claude-opus-4-5"),
        ("langsmith_extra={},", "claude-opus-5"),  # of a wrapper
    ],
)
def test_what_may_be_right(more: str, model: str, tmp_path: Path) -> None:
    assert check(call(more, model), tmp_path) == []


def test_one_of_several_models(tmp_path: Path) -> None:
    text = call("temperature=0,").replace(
        '"claude-opus-5"', '"claude-opus-5" if len(question) > 99 else "claude-haiku-4-5"'
    )
    (found,) = check(text, tmp_path)
    assert "a request with that model fails" in found.message
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE


def test_a_default_makes_the_fix_unsafe(tmp_path: Path) -> None:
    text = call("temperature=0,").replace("ask(question)", 'ask(question, m="claude-opus-5")')
    (found,) = check(text.replace('model="claude-opus-5"', "model=m"), tmp_path)
    assert "default of parameter `m`" in found.message
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
    (found,) = check(call("temperature=0,"), tmp_path)
    assert found.fix is not None
    assert found.fix.applicability is Applicability.SAFE


def test_a_dict_that_others_read_is_left_to_the_unsafe_fixes(tmp_path: Path) -> None:
    text = call("**SHARED,").replace("client =", 'SHARED = {"temperature": 0}\nclient =')
    (found,) = check(text, tmp_path)
    assert found.primary.line == 3
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE


@pytest.mark.parametrize("version", ["==2.12.0", ">=1.0.0", "==1.17.0"])
def test_a_keyword_that_the_pinned_sdk_has_no_more(version: str, tmp_path: Path) -> None:
    pin(tmp_path, version)
    (found,) = check(call("temperature=0,", "claude-haiku-4-5"), tmp_path)
    assert "since version 1.0.0" in found.message
    assert found.fix is not None
    assert found.fix.applicability is Applicability.SAFE


@pytest.mark.parametrize("version", ["", "==0.76.0", ">=0.40", ">=0.40,<3", "==99.0.0"])
def test_a_keyword_that_the_sdk_may_have(version: str, tmp_path: Path) -> None:
    pin(tmp_path, version)
    assert check(call("temperature=0,", "claude-haiku-4-5"), tmp_path) == []


def test_a_method_that_the_pinned_sdk_does_not_have_yet(tmp_path: Path) -> None:
    pin(tmp_path, "==0.18.1")
    text = call("temperature=0,", "claude-haiku-4-5", method="beta.messages.create")
    (found,) = check(text, tmp_path)  # it fails, but not since version 1.0.0
    assert found.message == (
        "beta.messages.create() is not there in the version of the SDK that is required, 0.18.1: "
        "the request fails."
    )
    assert found.related[0].label == "beta.messages.create is called here"
    assert found.no_fix is not None


@pytest.mark.parametrize("version", ["==0.7.1", "<0.7"])
@pytest.mark.parametrize("method", ["messages.create", "messages.stream"])
def test_an_sdk_that_was_for_text_completions(version: str, method: str, tmp_path: Path) -> None:
    pin(tmp_path, version)
    (found,) = check(call(method=method), tmp_path)
    assert "is not there in" in found.message
    file = from_bytes(str(tmp_path / "app.py"), call(model="claude-2.1", method=method).encode())
    settings = config.load(None, None, isolated=True)
    rules = [RetiredModel(), RejectedParameter()]
    result = engine.check([file], rules, settings, Context(as_of=AS_OF, preview=True))
    assert [each.rule.id for each in result.findings] == ["SKF901"]


@pytest.mark.parametrize("version", ["==0.10.0", "<0.9", ">=0.3", "==0.18.0", "==99.0.0", ""])
def test_an_sdk_that_may_have_the_method(version: str, tmp_path: Path) -> None:
    pin(tmp_path, version)
    assert check(call(), tmp_path) == []


def test_text_completions_that_the_sdk_has_no_more(tmp_path: Path) -> None:
    text = (
        "import anthropic\n\nclient = anthropic.Anthropic()\nclient.completions.create("
        "model='claude-2.1', max_tokens_to_sample=9, prompt='Say what a heron is.')\n"
    )
    pin(tmp_path, ">=0.50")
    assert check(text, tmp_path) == []
    pin(tmp_path, ">=1.0")
    (found,) = check(text, tmp_path)
    assert "completions.create() is not there in" in found.message


def test_a_keyword_of_the_beta_method(tmp_path: Path) -> None:
    (found,) = check(call('betas=["files-api-2025-04-14"],'), tmp_path)
    assert "beta.messages.create() does" in found.message
    assert found.no_fix is not None
    assert (
        check(call('betas=["files-api-2025-04-14"],', method="beta.messages.create"), tmp_path)
        == []
    )


CHOSEN = """\
import anthropic

client = anthropic.Anthropic()


def send(**options):
    if "budget" in options:
        options["thinking"] = {"type": "enabled", "budget_tokens": options.pop("budget")}
        options["betas"] = ["interleaved-thinking-2025-05-14"]
    if %s:
        return client.beta.messages.create(**options)
    return client.messages.create(**options)


def ask(question):
    return send(
        budget=2000,
        model="claude-opus-4-5",
        max_tokens=4000,
        messages=[{"role": "user", "content": question}],
    )
"""


@pytest.mark.parametrize(
    ("test", "count"), [('"thinking" in options', 0), ('options.get("thinking")', 0), ("False", 1)]
)
def test_a_method_that_is_chosen_by_what_is_handed_in(
    test: str, count: int, tmp_path: Path
) -> None:
    text = CHOSEN % test
    text = text.replace("    return client.messages", "    else:\n        return client.messages")
    assert len(check(text, tmp_path)) == count


def test_a_client_of_unknown_making_may_take_anything(tmp_path: Path) -> None:
    text = call('betas=["x"],').replace("anthropic.Anthropic()", "make_client()")
    text = text.replace("import anthropic", "import anthropic\nfrom shop import make_client")
    assert check(text, tmp_path) == []


def test_sampling_in_the_body_under_a_version_that_refuses_it(tmp_path: Path) -> None:
    text = call('extra_body={"temperature": 1},', "claude-haiku-4-5")
    pin(tmp_path, "==1.17.0")
    assert check(text, tmp_path) == []
    pin(tmp_path, "==2.12.0")
    (found,) = check(text, tmp_path)
    assert found.primary.line == 10


FORESEEN = """\
import anthropic

client = anthropic.Anthropic()


def ask(question):
    asked = {"model": "claude-opus-5", "max_tokens": 900, "messages": question}
    try:
        return client.messages.create(**asked, SENT)
    except anthropic.BadRequestError as error:
        if "temperature" not in str(error):
            raise
        return client.messages.create(**asked)
"""


@pytest.mark.parametrize("sent", ["temperature=0", 'extra_body={"temperature": 0}'])
def test_a_rejection_that_is_foreseen(sent: str, tmp_path: Path) -> None:
    pin(tmp_path, "==2.14.0" if "body" in sent else "==0.75.0")
    text = FORESEEN.replace("SENT", sent)
    assert check(text, tmp_path) == []
    assert len(check(text.replace('"temperature" not', '"limit" not'), tmp_path)) == 1
    other = text.replace("anthropic.BadRequestError", "anthropic.RateLimitError")
    assert len(check(other, tmp_path)) == 1
    wide = text.replace("anthropic.BadRequestError", "Exception")
    assert check(wide, tmp_path) == []
    assert len(check(wide.replace("in str(error)", "in question"), tmp_path)) == 1
    asked = wide.replace('"temperature" not in str(error)', 'told(error, "temperature")')
    assert len(check(asked, tmp_path)) == 1
    taken = "    except anthropic.APIStatusError:\n        return None\n    except Exception"
    assert len(check(wide.replace("    except Exception", taken), tmp_path)) == 1
    again = "        return client.messages.create(**asked)\n"
    assert len(check(wide.replace(again, "        raise RuntimeError from error\n"), tmp_path)) == 1


def test_more_tokens_than_the_sdk_waits_for(tmp_path: Path) -> None:
    (found,) = check(call(tokens="32000"), tmp_path)
    assert "32,000" in found.message
    assert "21,333" in found.message
    assert check(call(tokens="21333"), tmp_path) == []
    assert check(call(tokens="32000", method="messages.stream"), tmp_path) == []
    assert check(call("stream=True,", tokens="32000"), tmp_path) == []
    assert check(call("timeout=1200,", tokens="32000"), tmp_path) == []
    patient = call(tokens="32000").replace("Anthropic()", "Anthropic(timeout=1200)")
    assert check(patient, tmp_path) == []
    another = "\n\nCONFIG = Config(read_timeout=1200)\n"
    assert len(check(call(tokens="32000") + another, tmp_path)) == 1
    pin(tmp_path, "==0.40.0")
    assert check(call(tokens="32000"), tmp_path) == []


def test_more_tokens_than_the_model_writes(tmp_path: Path) -> None:
    text = call(model="claude-haiku-4-5", tokens="128000", method="messages.stream")
    (found,) = check(text, tmp_path)
    assert "at most 64,000" in found.message
    assert check(text.replace("128000", "64000"), tmp_path) == []
    # what the catalogue only infers is not held against anybody
    assert check(text.replace("claude-haiku-4-5", "claude-opus-4-5"), tmp_path) == []


PREFILL = '{"role": "user", "content": question}, {"role": "assistant", "content": "{"}'


def test_a_prefill(tmp_path: Path) -> None:
    text = call(model="claude-opus-4-6").replace('{"role": "user", "content": question}', PREFILL)
    (found,) = check(text, tmp_path)
    assert "prefill" in found.message
    assert check(text.replace("claude-opus-4-6", "claude-opus-4-5"), tmp_path) == []
    # a turn that is continued is none
    going_on = text.replace('"content": "{"', '"content": reply.content')
    assert check(going_on.replace("ask(question)", "ask(question, reply)"), tmp_path) == []


def test_a_system_message(tmp_path: Path) -> None:
    text = call(model="claude-sonnet-4-6").replace(
        "messages=[", 'messages=[{"role": "system", "content": "Be brief."}, '
    )
    (found,) = check(text, tmp_path)
    assert "`system`" in found.message


BOTH = """\
import anthropic
import openai

PROVIDER = input()


def chat(messages):
    if PROVIDER == "openai":
        return openai.OpenAI().chat.completions.create(model="gpt-5", messages=messages)
    return anthropic.Anthropic().messages.create(
        model="claude-sonnet-4-6", max_tokens=900, messages=messages
    )


def ask(question):
    return chat([{"role": "system", "content": "Be brief."}, {"role": "user", "content": question}])
"""


def test_messages_that_may_be_for_another_model(tmp_path: Path) -> None:
    assert check(BOTH, tmp_path) == []
    (found,) = check(BOTH, tmp_path, preview=True)
    assert "`system`" in found.message
    alone = BOTH.replace('model="gpt-5", messages=messages', 'model="gpt-5", messages=[]')
    (found,) = check(alone, tmp_path)
    assert "`system`" in found.message
    (found,) = check(BOTH.replace("messages=messages\n", "messages=list(messages)\n"), tmp_path)
    assert "`system`" in found.message


def test_test_files_are_judged_but_not_their_stand_ins(tmp_path: Path) -> None:
    (found,) = check(call("temperature=0,"), tmp_path, "test_app.py")
    assert found.rule.id == "SKF901"
    text = call("temperature=0,").replace("ask(question)", "test_ask(client: anthropic.Anthropic)")
    text = text.replace("client = anthropic.Anthropic()\n", "").replace(": question", ': "hi"')
    assert check(text, tmp_path, "test_app.py") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (call("temperature=0,"), call().replace("        \n", "")),
        (
            call('output_config={"effort": "low", "format": F},', "claude-haiku-4-5"),
            call('output_config={"format": F},', "claude-haiku-4-5"),
        ),
        (
            call('output_config={"effort": "low"},', "claude-haiku-4-5"),
            call(model="claude-haiku-4-5").replace("        \n", ""),
        ),
        (
            call('tool_choice={"type": "tool", "name": "f"},', "claude-opus-5-5"),
            call('tool_choice={"type": "auto"},', "claude-opus-5-5"),
        ),
    ],
)
def test_fixes(before: str, after: str) -> None:
    outcome = mended(RejectedParameter, before)
    assert outcome.after["app.py"] == after
    assert [f for f in outcome.checked.findings if f.rule.id == "SKF901"] == []


def test_a_computed_value_is_not_taken_out() -> None:
    text = call("thinking=think(question),").replace(
        "def ask", 'def think(q):\n    return {"type": "disabled"}\n\n\ndef ask'
    )
    text = text.replace("claude-opus-5", "claude-opus-5-5")
    outcome = mended(RejectedParameter, text)
    assert "think(question)" in outcome.after.get("app.py", text)


def test_what_is_filtered_or_dropped_on_the_way_is_not_sent(tmp_path: Path) -> None:
    build = """\
def build(question):
    return {{"model": "claude-opus-5", "metadata": {{"user_id": "x"}}, "temperature": 0}}


def ask(question):
    kwargs = build(question)
    {line}
    return client.messages.count_tokens(
        messages=[{{"role": "user", "content": question}}], **kwargs
    )
"""
    head = "import anthropic\n\nclient = anthropic.Anthropic()\nKEPT = {'model'}\n\n\n"
    for line, count in (
        ("pass", 2),
        ("kwargs = {k: v for k, v in kwargs.items() if k in KEPT}", 0),
        ("kwargs.pop('temperature', None)", 1),
        ("[kwargs.pop(name, None) for name in ('temperature', 'metadata')]", 0),
    ):
        assert len(check(head + build.format(line=line), tmp_path)) == count


def test_a_request_without_what_the_sdk_asks_for(tmp_path: Path) -> None:
    whole = call("", "claude-opus-4-8")
    lacks = whole.replace("        max_tokens=900,\n", "")
    assert lacks != whole
    (found,) = check(lacks, tmp_path)
    assert "takes no request without `max_tokens`" in found.message
    assert check(whole, tmp_path) == []
    unseen = lacks.replace("def ask(question)", "def ask(question, **more)")
    assert (
        check(unseen.replace("        messages=", "        **more,\n        messages="), tmp_path)
        == []
    )
    mapping = lacks.replace("        messages=", "        **{'metadata': {}},\n        messages=")
    assert check(mapping, tmp_path) == [], "what comes by a mapping may not be all of it"
    either = "client = make() if given else anthropic.Anthropic()"
    either = lacks.replace(
        "client = anthropic.Anthropic()", f"from setup import given, make\n\n{either}"
    )
    assert check(either, tmp_path) == [], "another client may do without"
    given = lacks.replace("client = anthropic.Anthropic()", "from setup import client")
    assert check(given, tmp_path) == [], "nobody knows what that client adds"


def test_a_stream_is_told_to_leave_it_out(tmp_path: Path) -> None:
    text = call("stream=True,", "claude-opus-4-8").replace("messages.create", "messages.stream")
    (found,) = check(text, tmp_path)
    assert found.no_fix == "Leave `stream` out: messages.stream() does that by itself."


PARSED = (
    "import anthropic\n\nclient = anthropic.Anthropic()\nsent = {'model': 'claude-opus-5', "
    "'max_tokens': 90, 'messages': [{'role': 'user', 'content': 'Hm.'}]}\n"
)


@pytest.mark.parametrize(
    "guarded",
    [
        "if hasattr(client.messages, 'parse'):\n    SEND\n",
        "try:\n    SEND\nexcept AttributeError:\n    client.messages.create(**sent)\n",
        "try:\n    SEND\nexcept (TypeError, AttributeError):\n    print('an old one')\n",
        "if anthropic.__version__ >= '0.77':\n    SEND\n",
        "def ask():\n    if not hasattr(client.messages, 'parse'):\n        return 0\n    SEND\n",
        "parse = getattr(client.messages, 'parse', None)\nif parse:\n    parse(**sent)\n",
        "has = hasattr(client.messages, 'parse')\nif has:\n    SEND\n",
        "reply = hasattr(client.messages, 'parse') and SEND\n",
        "assert hasattr(client.messages, 'parse')\nSEND\n",
    ],
)
def test_a_method_that_is_asked_for_first(guarded: str, tmp_path: Path) -> None:
    pin(tmp_path, "==0.75.0")
    assert check(PARSED + guarded.replace("SEND", "client.messages.parse(**sent)"), tmp_path) == []


@pytest.mark.parametrize(
    "asked",
    [
        "SEND",
        "if getattr(sent, 'verbose', False):\n    print('Hm.')\nSEND",
        "if sent.get('version'):\n    raise SystemExit\nSEND",
        "messages = client.messages\nmessages.parse(**sent)",
        "anthropic.Anthropic().messages.parse(**sent)",
    ],
)
def test_what_is_asked_for_is_another_thing(asked: str, tmp_path: Path) -> None:
    pin(tmp_path, "==0.75.0")
    (found,) = check(PARSED + asked.replace("SEND", "client.messages.parse(**sent)"), tmp_path)
    assert "is required, 0.75.0" in found.message


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("==0.7.1", "0.7.1"),
        ("<0.7", "older than 0.7.0"),
        ("<=0.7.2", "0.7.2 or older"),
        (">=0.5,<0.7", "0.5.0 or newer, older than 0.7.0"),
    ],
)
def test_which_version_is_required(version: str, said: str, tmp_path: Path) -> None:
    pin(tmp_path, version)
    (found,) = check(call(), tmp_path)
    assert f"that is required, {said}: " in found.message


@pytest.mark.parametrize("rule", [RetiredModel(), UnknownModel()])
@pytest.mark.parametrize(
    ("tokens", "pinned", "told"),
    [("32000", ">=0.18", 1), ("32000", "==2.14.0", 0), ("900", ">=0.18", 1), ("32000", "<0.40", 1)],
)
def test_an_id_of_what_is_never_sent(
    tokens: str, pinned: str, told: int, rule: Rule, tmp_path: Path
) -> None:
    """The SDK raises before any model is asked for so many tokens."""
    pin(tmp_path, pinned)
    id_ = "claude-3-opus-20240229" if rule.id == "SKF402" else "claude-3-sonnet-20240307"
    text = call(tokens=tokens, model=id_)
    assert len(check(text, tmp_path, rule=rule)) == told
