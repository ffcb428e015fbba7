"""``[tool.skinflint.assume]``: each thing a project says of itself, and what comes of it."""

from __future__ import annotations

import datetime
from pathlib import Path
from textwrap import dedent

import pytest
from reading import named, written

from skinflint.linter import config, engine
from skinflint.linter.findings import Finding
from skinflint.linter.request import PairKind, Request
from skinflint.linter.stable import Stable
from skinflint.rules.base import Context
from skinflint.rules.registry import all_rules

CALL = """
import anthropic
{imports}
client = anthropic.Anthropic()
{before}
def ask(question):
    while True:
        client.messages.create(
            model="claude-opus-5-5", max_tokens=9,
            system=[{{"type": "text", "text": "Be brief. " + {text}}}],
            messages=[{{"role": "user", "content": question}}],
        )
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(path: str, text: str) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(text), "utf-8")


def requests(assume: str, path: str = "src/app/chat.py") -> tuple[Request, ...]:
    write("skinflint.toml", f"[assume]\n{assume}\n")
    context = Context(as_of=datetime.date(2026, 11, 22))
    result = engine.check([path], [], config.load(), context)
    assert result.problems == ()
    return result.requests


def moving(assume: str) -> list[str]:
    """What moves in the system prompt from round to round."""
    (request,) = requests(assume)
    pair = next(pair for pair in request.pairs if pair.kind is PairKind.LOOP)
    return [named(key) for part in request.moving_parts(pair, 0) for key in part.keys]


# --- stable ---------------------------------------------------------------------------------------

CODE = {
    # what is written, the names that call it stable
    "str(datetime.now())": (
        "from datetime import datetime",
        ["datetime.now", "datetime.datetime.now", "datetime"],
    ),
    "prompts.today()": (
        "from app import prompts",
        ["prompts.today", "app.prompts.today", "src.app.prompts.today", "prompts.*", "app.*"],
    ),
    "today()": ("from app.prompts import today", ["today", "app.prompts.today", "to*"]),
    "named()": ("from .prompts import today as named", ["named", "app.prompts.today"]),
    "prompts.STATE.now": (
        "from app import prompts",
        ["prompts.STATE.now", "prompts.STATE", "app.prompts.STATE", "app.prompts.State.now"],
    ),
    "STATE.now": (
        "from app.prompts import STATE",
        ["STATE.now", "STATE", "app.prompts.State.now", "app.prompts.STATE"],
    ),
    "prompts.LINES[-1]": ("from app import prompts", ["prompts.LINES", "app.prompts.LINES"]),
}

PROMPTS = """
    from datetime import datetime

    LINES = ["Hello."]

    def today():
        return f"It is {datetime.now()}."

    class State:
        @property
        def now(self):
            return str(datetime.now())

    STATE = State()

    def learn(line):
        LINES.append(line)
"""


@pytest.mark.parametrize(
    ("text", "stable"), [(text, name) for text in CODE for name in CODE[text][1]]
)
def test_stable_names(text: str, stable: str) -> None:
    write("src/app/__init__.py", "")
    write("src/app/prompts.py", PROMPTS)
    write("src/app/chat.py", CALL.format(imports=CODE[text][0], before="", text=text))
    assert moving("") != []
    assert moving(f"stable = ['{stable}']") == []


@pytest.mark.parametrize("stable", ["toda", "app.prompts", "prompts.tod", "other.prompts.today"])
def test_other_names(stable: str) -> None:
    write("src/app/__init__.py", "")
    write("src/app/prompts.py", PROMPTS)
    write(
        "src/app/chat.py",
        CALL.format(imports="from app.prompts import today", before="", text="today()"),
    )
    expected = [] if stable == "app.prompts" else ["clock:microsecond"]
    assert moving(f"stable = ['{stable}']") == expected


def test_what_is_known_of_something_stable_stays_known() -> None:
    before = "def tail():\n    return f'Today is {date.today().isoformat()}, always.'\n"
    write(
        "src/app/chat.py",
        CALL.format(imports="from datetime import date", before=before, text="tail()"),
    )
    (request,) = requests("stable = ['tail']")
    assert written(request.blocks[0].value) == "'Be brief. ' + 'Today is ' + ? + ', always.'"


def test_an_attribute_of_self() -> None:
    write(
        "src/app/chat.py",
        """
        import anthropic, uuid
        class Agent:
            def __init__(self):
                self.client = anthropic.Anthropic()
            def mark(self):
                self.id = str(uuid.uuid4())
            def ask(self, question):
                while True:
                    self.mark()
                    self.client.messages.create(
                        model="claude-opus-5-5", max_tokens=9, system="You are " + uuid4(self.id),
                        messages=[{"role": "user", "content": question}],
                    )
        def uuid4(text):
            return text + str(uuid.uuid4())
        """,
    )
    assert moving("") == ["random"]
    for stable in ("uuid4", "app.chat.uuid4", "src.app.chat.uuid4"):
        assert moving(f"stable = ['{stable}']") == []


def test_paths_and_their_beginnings() -> None:
    stable = Stable(["settings.*", "PROMPT", "self.profile", "app.texts.RULES"])
    for path in ("settings.a", "settings.a.b", "PROMPT", "PROMPT.text", "self.profile.name"):
        assert path in stable, path
    for path in ("settings", "self", "PROMPTS", "profile", "x.PROMPT", "RULES", ""):
        assert path not in stable, path
    for name in ("app.texts.RULES", "src.app.texts.RULES", "app.texts.RULES.first"):
        assert stable.covers(name), name
    for name in ("myapp.texts.RULES", "app.texts", "PROMPT", "x.PROMPT", ""):
        assert not stable.covers(name), name
    assert not Stable([])


# --- single-user ----------------------------------------------------------------------------------

HANDLER = """
    import anthropic
    from datetime import datetime
    from fastapi import FastAPI

    app = FastAPI()
    client = anthropic.Anthropic()
    RULES = "Answer in one line, with the source of what you say. " * 400

    @app.post("/ask")
    def ask(user: str, question: str):
        return client.messages.create(
            model="claude-opus-5-5",
            max_tokens=99,
            system=[{
                "type": "text",
                "text": RULES + f"TAIL",
                "cache_control": {"type": "ephemeral"},
            }],
            messages=[{"role": "user", "content": question}],
        )
"""


def judged(assume: str, tail: str) -> list[Finding]:
    write("app.py", HANDLER.replace("TAIL", tail))
    write("skinflint.toml", f"[assume]\n{assume}\n")
    settings = config.load()
    context = Context(as_of=datetime.date(2026, 11, 22), single_user=settings.assume.single_user)
    result = engine.check(["app.py"], [rule() for rule in all_rules()], settings, context)
    assert result.problems == ()
    return list(result.findings)


def test_one_user_has_no_neighbours() -> None:
    assert [f.rule.id for f in judged("", "You talk to {user}.")] == ["SKF104"]
    assert judged("single-user = true", "You talk to {user}.") == []


def test_what_changes_between_conversations_still_does() -> None:
    (many,) = judged("", "It is {datetime.now()}.")
    (one,) = judged("single-user = true", "It is {datetime.now()}.")
    assert many.rule.id == one.rule.id == "SKF101"
    assert many.pair == "from one user of ask() to the next"
    assert one.pair == "from one conversation with ask() to the next"


def test_pairs_of_one_user() -> None:
    write("app.py", HANDLER)
    kinds = [pair.kind for pair in requests("", "app.py")[0].pairs]
    alone = [pair.kind for pair in requests("single-user = true", "app.py")[0].pairs]
    assert kinds == [PairKind.USER, PairKind.WORKER]
    assert alone == [PairKind.CONVERSATION, PairKind.WORKER]
