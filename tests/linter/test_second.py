"""Fallbacks behind something that has a default of its own."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

#: In preview, which tells of what stands for a key that may always be there.
CONTEXT = Context(as_of=datetime.date(2026, 11, 22), preview=True)
OLD = "claude-3-opus-20240229"
ASK = f"""\
import anthropic
from settings import SETTINGS


def ask(text):
    return anthropic.Anthropic().messages.create(
        model=SETTINGS.model or "{OLD}",
        max_tokens=900,
        messages=[{{"role": "user", "content": text}}],
    )
"""
NAMED = ASK.replace(f'SETTINGS.model or "{OLD}",', "model,").replace(
    "    return",
    f'    model = SETTINGS.model\n    if not model:\n        model = "{OLD}"\n    return',
)
PICKED = ASK.replace("SETTINGS.model or", "SETTINGS.model if SETTINGS.model else")
SETTINGS = """\
import os
import yaml


class Settings:
    def __init__(self):
        self._read = yaml.safe_load(open("letters.yaml"))

    @property
    def model(self):
        return self._read.get("llm", {}).get("model", "claude-sonnet-4-20250514")


SETTINGS = Settings()
"""
ENVIRONMENT = """\
import os


class SETTINGS:
    model = os.getenv("LETTERS_MODEL", "claude-sonnet-4-20250514")
"""
HANDED = f"""\
import anthropic


def ask(text, model=None):
    model = model or "{OLD}"
    return anthropic.Anthropic().messages.create(
        model=model, max_tokens=900, messages=[{{"role": "user", "content": text}}]
    )
"""
CALLS = """\
from letters import ask


def answer(config, text, quick):
    if quick:
        model = config.get("quick", "claude-haiku-4-5")
    else:
        model = config.get("model", "claude-sonnet-5-5")
    return reply(text, model)


def reply(text, model):
    return ask(text, model=model)
"""


def told(
    folder: Path, text: str, files: dict[str, str], *, preview: bool = True
) -> list[tuple[str, int]]:
    for name, said in {"requirements.txt": "", "letters.py": text, **files}.items():
        (folder / name).write_text(said)
    path = str(folder / "letters.py")
    result = engine.check(
        [from_bytes(path, text.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        replace(CONTEXT, preview=preview),
    )
    assert result.problems == ()
    assert result.requests
    return [(Path(f.primary.path).name, f.primary.line) for f in result.findings]


@pytest.mark.parametrize("text", [ASK, NAMED, PICKED])
@pytest.mark.parametrize(("settings", "line"), [(SETTINGS, 11), (ENVIRONMENT, 5)])
def test_it_is_told_where_the_first_one_is_written(
    text: str, settings: str, line: int, tmp_path: Path
) -> None:
    assert told(tmp_path, text, {"settings.py": settings}) == [("settings.py", line)]


@pytest.mark.parametrize("text", [ASK, NAMED, PICKED])
@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS.replace('"claude-sonnet-4-20250514"', '""'),
        SETTINGS.replace(', "claude-sonnet-4-20250514"', ""),
        SETTINGS.replace("return self._read", "return None if self.off else self._read"),
        ENVIRONMENT.replace(', "claude-sonnet-4-20250514"', ""),
        ENVIRONMENT.replace("claude-sonnet-4-20250514", ""),
    ],
)
def test_the_first_one_may_be_empty(text: str, settings: str, tmp_path: Path) -> None:
    assert ("letters.py", text[: text.index(OLD)].count("\n") + 1) in told(
        tmp_path, text, {"settings.py": settings}
    )


@pytest.mark.parametrize(
    "text",
    [
        HANDED,
        HANDED.replace(f'model = model or "{OLD}"', f'if model is None:\n        model = "{OLD}"'),
        HANDED.replace(f'model = model or "{OLD}"', f'model = "{OLD}" if not model else model'),
    ],
)
def test_all_callers_hand_one_in(text: str, tmp_path: Path) -> None:
    assert told(tmp_path, text, {"server.py": CALLS}) == []


@pytest.mark.parametrize(
    "calls",
    [
        "",
        CALLS.replace("model=model", ""),
        CALLS.replace('.get("quick", "claude-haiku-4-5")', '.get("quick")'),
        CALLS.replace("reply(text, model)\n\n", "reply(text, None)\n\n"),
        CALLS + "\n\nprint(ask('Hello'))\n",
        CALLS + "\n\nASKS = [ask]\n",
    ],
)
def test_a_caller_may_leave_it_out(calls: str, tmp_path: Path) -> None:
    assert told(tmp_path, HANDED, {"server.py": calls}) == [("letters.py", 5)]


def test_another_condition_is_no_second_fallback(tmp_path: Path) -> None:
    text = HANDED.replace(
        f'model = model or "{OLD}"', f'if len(text) > 900:\n        model = "{OLD}"'
    )
    assert told(tmp_path, text, {"server.py": CALLS}) == [("letters.py", 6)]


LOADED = f"""\
import json
import anthropic


def load(path):
    if path.exists():
        return json.loads(path.read_text())
    return {{"api_key": "", "model": "{OLD}"}}


def ask(path, text):
    settings = load(path)
    client = anthropic.Anthropic(api_key=settings["api_key"])
    return client.messages.create(
        model=settings["model"],
        max_tokens=900,
        messages=[{{"role": "user", "content": text}}],
    )
"""


def test_a_configuration_without_a_key(tmp_path: Path) -> None:
    assert told(tmp_path, LOADED, {}) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"api_key": ""', '"api_key": None'),  # the SDK asks the environment then
        ('"api_key": ""', '"api_key": "sk-ant-123"'),
        ('=settings["api_key"]', '=settings["api_key"] or "sk-ant-123"'),
        ("    client =", '    settings["api_key"] = input()\n    client ='),
    ],
)
def test_a_key_that_somebody_fills_in(old: str, new: str, tmp_path: Path) -> None:
    assert told(tmp_path, LOADED.replace(old, new), {}) == [("letters.py", 8)]


ASKER = f"""\
import anthropic


class Asker:
    def ask(self, text, model=None):
        model = model or "{OLD}"
        return anthropic.Anthropic().messages.create(
            model=model, max_tokens=900, messages=[{{"role": "user", "content": text}}]
        )
"""
ASKED = """\
from letters import Asker
from models import chosen


def answer(text, model=None):
    return Asker().ask(text, model=chosen(text))
"""


@pytest.mark.parametrize(
    ("caller", "by_default"),
    [
        (ASKED, False),
        (ASKED.replace("model=chosen(text)", "chosen(text)"), False),
        (ASKED.replace(", model=chosen(text)", ""), True),
        (ASKED.replace("model=chosen(text)", "model=None"), True),
        (ASKED.replace("model=chosen(text)", "model=model"), True),  # nobody calls answer()
        (
            ASKED.replace("model=chosen(text)", "model=model")
            + "\n\nprint(answer('rain', chosen('rain')))\n",
            False,
        ),
        (ASKED + "\n\nprint(Asker().ask('rain'))\n", True),
    ],
)
def test_what_all_callers_hand_in(caller: str, by_default: bool, tmp_path: Path) -> None:
    files = {"app.py": caller, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert told(tmp_path, ASKER, files)
    assert bool(told(tmp_path, ASKER, files, preview=False)) is by_default


def test_what_a_static_method_is_handed(tmp_path: Path) -> None:
    text = ASKER.replace("    def ask(self, ", "    @staticmethod\n    def ask(")
    for call in ("Asker.ask('rain')", "Asker.ask()", "Asker().ask('rain')"):
        caller = f"from letters import Asker\n\nprint({call})\n"
        assert told(tmp_path, text, {"app.py": caller}, preview=False)


CONSTANT = ASKER.replace(f'model or "{OLD}"', "model or STANDARD").replace(
    "class Asker", f'STANDARD = "{OLD}"\n\n\nclass Asker'
)
METHOD = ASKER.replace(f'model or "{OLD}"', "model or self.standard()") + (
    f'\n    def standard(self):\n        return "{OLD}"\n'
)
KEPT = ASKER.replace(f'model or "{OLD}"', "model or self._model").replace(
    "    def ask",
    f'    def __init__(self, model="{OLD}"):\n        self._model = model\n\n    def ask',
)


SET = KEPT.replace(f'self, model="{OLD}"', "self").replace(
    "self._model = model", f'self._model = "{OLD}"'
)
_RESOLVED = ASKER.replace(f'model or "{OLD}"', "self.resolved(model)")
EMPTY = (
    _RESOLVED
    + f"""
    def resolved(self, model):
        names = {{"sonnet": "claude-sonnet-5-5"}}
        if not model:
            return "{OLD}"
        return names.get(model, model)
"""
)
GIVEN = (
    _RESOLVED
    + f"""
    def resolved(self, model):
        if model is not None:
            return model
        return "{OLD}"
"""
)


@pytest.mark.parametrize(
    "text",
    [CONSTANT, METHOD, KEPT, SET, EMPTY, GIVEN],
    ids=["constant", "method", "kept", "set", "empty", "given"],
)
def test_what_stands_elsewhere_for_those_who_leave_it_out(text: str, tmp_path: Path) -> None:
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert told(tmp_path, text, files)
    assert told(tmp_path, text, files, preview=False) == []
    files["app.py"] = ASKED.replace(", model=chosen(text)", "")
    assert told(tmp_path, text, files, preview=False)


@pytest.mark.parametrize(
    ("test", "rest"),
    [
        ("not pictures", '"claude-sonnet-5-5"'),
        ("pictures == 0", "str(pictures)"),
        ("len(pictures) > 4", "pictures"),
    ],
)
def test_what_is_asked_for_something_else(test: str, rest: str, tmp_path: Path) -> None:
    text = ASKER.replace(f'model or "{OLD}"', "self.chosen(model)") + (
        f"\n    def chosen(self, pictures):\n        if {test}:\n"
        f'            return "{OLD}"\n        return {rest}\n'
    )
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert told(tmp_path, text, files, preview=False)


#: Each is also used in another way than behind what is handed in.
USED = [
    (CONSTANT, "\n    def first(self):\n        return self.ask('rain', STANDARD)\n"),
    (METHOD, "\n    def first(self):\n        return self.ask('rain', self.standard())\n"),
    (KEPT, "\n    def first(self):\n        return self.ask('rain', self._model)\n"),
]


@pytest.mark.parametrize(("text", "more"), USED, ids=["constant", "method", "kept"])
def test_a_use_of_another_kind(text: str, more: str, tmp_path: Path) -> None:
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert told(tmp_path, text + more, files, preview=False) == []  # nobody calls it
    files["app.py"] += "\n\nprint(Asker().first())\n"
    assert told(tmp_path, text + more, files, preview=False)


#: What a class keeps where others could read it: for all of its objects, or for each.
_OPEN = ASKER.replace(f'model or "{OLD}"', "model or self.usual")
SHARED = _OPEN.replace("    def ask", f'    usual = "{OLD}"\n\n    def ask')
PUBLIC = _OPEN.replace(
    "    def ask", f'    def __init__(self):\n        self.usual = "{OLD}"\n\n    def ask'
)
#: Another reader: in a class of the same file, of one built on it, and in the file that calls it.
READERS = [
    (
        "\n\nclass Other:\n    usual = 'a'\n\n    def ask(self):\n        return self.usual\n",
        "",
        False,
    ),
    ("\n\nclass Other(Asker):\n    def first(self):\n        return self.usual\n", "", True),
    ("\n    def first(self):\n        return self.ask('rain', self.usual)\n", "", False),
    ("", "\n\nprint(Asker.usual)\n", True),
    ("", "\n\nprint(answer('rain').usual)\n", True),
    ("", "\n\nprint(getattr(Asker(), 'usual'))\n", True),
    ("", "\n\nprint(Asker().ask('rain'))\n", True),
]


@pytest.mark.parametrize("text", [SHARED, PUBLIC], ids=["shared", "public"])
@pytest.mark.parametrize(("here", "there", "by_default"), READERS)
def test_an_attribute_that_others_could_read(
    text: str, here: str, there: str, by_default: bool, tmp_path: Path
) -> None:
    files = {
        "app.py": ASKED + there,
        "models.py": "def chosen(text):\n    return open(text).read()\n",
    }
    assert told(tmp_path, text, files, preview=True)
    assert bool(told(tmp_path, text + here, files, preview=False)) is by_default


def test_an_attribute_that_a_base_class_reads(tmp_path: Path) -> None:
    base = ASKER.replace("class Asker:", "class Base:").replace(", model=None):", "):")
    base = base.replace(f'        model = model or "{OLD}"\n', "").replace("ask(", "plain(")
    base = base.replace("model=model", "model=self.usual")
    text = base + SHARED.replace("import anthropic", "").replace("Asker:", "Asker(Base):")
    app = ASKED + "\n\nprint(Asker().plain(open('t').read()))\n"
    files = {"app.py": app, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert told(tmp_path, text, files, preview=False)


def test_an_attribute_that_the_body_of_its_class_reads(tmp_path: Path) -> None:
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert told(tmp_path, f"{SHARED}\n    STANDARD = usual\n", files, preview=False)


@pytest.mark.parametrize(
    ("more", "by_default"),
    [
        ("\n\ndef first(text, model=STANDARD):\n    return Asker().ask(text, model)\n", False),
        ("\n\n@command\ndef first(text, model=STANDARD):\n    Asker().ask(text, model)\n", True),
        ("\n\ndef first(model=STANDARD):\n    Asker().ask('', model)\n\n\nrun(first)\n", True),
    ],
)
def test_a_default_of_a_function_that_nobody_calls(
    more: str, by_default: bool, tmp_path: Path
) -> None:
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert bool(told(tmp_path, CONSTANT + more, files, preview=False)) is by_default
    files["app.py"] = "from letters import first\n" + files["app.py"]
    assert bool(told(tmp_path, CONSTANT + more, files, preview=False)) is by_default
    files["app.py"] += "\n\nif __name__ == '__main__':\n    first()\n"
    assert told(tmp_path, CONSTANT + more, files, preview=False)


def test_what_is_only_logged_besides(tmp_path: Path) -> None:
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    text = KEPT.replace(
        "        model = model", "        print(self._model)\n        model = model"
    )
    assert told(tmp_path, text, files, preview=False) == []
    text = text.replace("print(self._model)", "keep(self._model)")
    assert told(tmp_path, text, files, preview=False)


def test_what_stands_in_a_table_for_settings_that_name_none(tmp_path: Path) -> None:
    text = CONSTANT.replace(f'STANDARD = "{OLD}"', f'MODELS = {{"quick": "{OLD}"}}')
    text = text.replace("or STANDARD", 'or MODELS["quick"]')
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert told(tmp_path, text, files, preview=False)


@pytest.mark.parametrize(
    ("taken", "by_default"),
    [
        ("MODELS[text]", False),
        ("MODELS.get(text)", False),
        ('MODELS.get("quick")', True),
        ("MODELS.pop(text)", True),
    ],
)
def test_the_usual_model_of_each_provider(taken: str, by_default: bool, tmp_path: Path) -> None:
    text = CONSTANT.replace(f'STANDARD = "{OLD}"', f'MODELS = {{"quick": "{OLD}"}}')
    text = text.replace("or STANDARD", f"or {taken}")
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    assert bool(told(tmp_path, text, files, preview=False)) is by_default


@pytest.mark.parametrize(
    ("option", "left_out"),
    [
        ("Option(None)", True),
        ('Option("", "--model")', True),
        ("None", True),
        ("Option(default=None)", True),
        ('Option("claude-sonnet-5-5")', False),
        ("chosen()", False),
    ],
)
def test_an_option_that_may_be_left_out(option: str, left_out: bool, tmp_path: Path) -> None:
    caller = f"""\
from letters import Asker
from typer import Option, Typer

app = Typer()


@app.command()
def answer(text, model={option}):
    return Asker().ask(text, model=model)
"""
    assert bool(told(tmp_path, ASKER, {"app.py": caller}, preview=False)) is left_out


OPTIONS = ASKER.replace("model=None):", "**options):").replace(
    f'model or "{OLD}"', f'options.pop("model", "{OLD}")'
)


@pytest.mark.parametrize(
    ("handed", "by_default"),
    [
        ("model=chosen(text)", False),
        ("**chosen(text)", False),
        ("tone=chosen(text)", True),
    ],
)
def test_what_is_taken_from_keywords(handed: str, by_default: bool, tmp_path: Path) -> None:
    files = {
        "app.py": ASKED.replace("model=chosen(text)", handed),
        "models.py": "def chosen(text):\n    return open(text).read()\n",
    }
    assert bool(told(tmp_path, OPTIONS, files, preview=False)) is by_default


SETTING = KEPT.replace(f'model="{OLD}"', "model=None").replace(
    "self._model = model", f'self._model = model or os.getenv("LETTERS", "{OLD}")'
)
SETTING = "import os\n" + SETTING.replace("model or self._model", "self._model")


@pytest.mark.parametrize(
    ("maker", "by_default"),
    [("Asker(chosen(text))", False), ("Asker(model=chosen(text))", False), ("Asker()", True)],
)
def test_what_an_object_is_made_with(maker: str, by_default: bool, tmp_path: Path) -> None:
    files = {
        "app.py": ASKED.replace("Asker().ask(text, model=chosen(text))", f"{maker}.ask(text)"),
        "models.py": "def chosen(text):\n    return open(text).read()\n",
    }
    assert bool(told(tmp_path, SETTING, files, preview=False)) is by_default


@pytest.mark.parametrize(
    "user",
    [
        "import letters\n\nprint(letters.Asker().ask('rain', letters.STANDARD))\n",
        "from letters import Asker, STANDARD as S\n\nprint(Asker().ask('rain', S))\n",
    ],
    ids=["of the module", "by another name"],
)
def test_a_constant_that_another_module_sends(user: str, tmp_path: Path) -> None:
    files = {
        "app.py": ASKED,
        "models.py": "def chosen(text):\n    return open(text).read()\n",
        "user.py": user,
    }
    assert told(tmp_path, CONSTANT, files, preview=False)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_what_a_class_below_sends(elsewhere: bool, tmp_path: Path) -> None:
    files = {"app.py": ASKED, "models.py": "def chosen(text):\n    return open(text).read()\n"}
    below = "class Plain(Asker):\n    def first(self):\n        return self.ask('a', self._model)\n"
    files["app.py"] += "\n\nfrom below import Plain\nprint(Plain().first())\n"
    files["below.py"] = "from letters import Asker\n\n\n" + below if elsewhere else ""
    text = KEPT if elsewhere else f"{KEPT}\n\n{below}"
    if not elsewhere:
        files["below.py"] = "from letters import Plain\n"
    assert told(tmp_path, text, files, preview=False)


def test_a_method_that_a_base_elsewhere_starts(tmp_path: Path) -> None:
    files = {
        "app.py": ASKED
        + "\n\nfrom threading import Thread\n\n\nclass Worker(Thread):\n"
        + "    def run(self):\n        Asker().ask('rain')\n\n\nWorker().start()\n",
        "models.py": "def chosen(text):\n    return open(text).read()\n",
    }
    assert told(tmp_path, ASKER, files, preview=False)
