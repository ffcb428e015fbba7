"""Defaults of constructors that nobody leaves in place."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel
from skinflint.rules.unknown_model import UnknownModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
WRITER = """\
import anthropic


class Writer:
    def __init__(self, key, model="claude-3-opus-20240229", **more):
        self.model = model
        self.client = anthropic.Anthropic(api_key=key)

    def write(self, topic):
        return self.client.messages.create(
            model=self.model, max_tokens=900, messages=[{"role": "user", "content": topic}]
        )
"""
BUILT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
py-modules = ["writer"]
"""
HANDS_IN = """
from writer import Writer
def draft(settings, topic):
    return Writer(settings["key"], model=settings["model"]).write(topic)
"""
TABLE = """
from writer import Writer
class Other:
    def __init__(self, key, model, **more):
        pass
KINDS = {"claude": Writer, "other": Other}
def draft(kind, settings, topic):
    if kind not in KINDS:
        raise ValueError(list(KINDS.keys()))
    made = KINDS[kind]
    return made(key=settings["key"], model=settings["model"], **settings["more"]).write(topic)
"""
NAMED = """
class Kinds:
    known = {}
    @classmethod
    def fill(cls):
        if cls.known:
            return
        from writer import Writer
        cls.known["claude"] = Writer
    @classmethod
    def make(cls, kind, settings):
        made = cls.known[kind]
        if kind == "claude":
            return made(key=settings["key"], model=settings["model"])
    @classmethod
    def plain(cls, kind):
        made = cls.known[kind]
        if kind == "claude":
            return None
        elif kind in ("other", "third"):
            return made("key")
        else:
            return made()
"""
ROWS = """
from writer import Writer
def draft(kind, key, model=None):
    KINDS = {"claude": (Writer, "claude-sonnet-5-5"), "other": (print, "")}
    made, usual = KINDS[kind]
    model = model or usual
    return made(key=key, model=model)
"""
HANDED_ON = """
from writer import Writer
class Poet(Writer):
    def __init__(self, key, model, **more):
        super().__init__(key, model=model, **more)
Poet("key", "claude-sonnet-5-5")
"""


def silent(
    folder: Path,
    users: dict[str, str],
    mark: str = "requirements.txt",
    writer: str = WRITER,
    *,
    preview: bool = False,
) -> bool:
    (folder / mark).write_text("")
    (folder / "writer.py").write_text(writer)
    for name, text in users.items():
        (folder / name).write_text(text)
    path = str(folder / "writer.py")
    result = engine.check(
        [from_bytes(path, writer.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        replace(CONTEXT, preview=preview),
    )
    assert result.problems == ()
    assert result.requests
    return not result.findings


PASSES_ON = """
from writer import Writer
def connect(kind, key, **options):
    if kind == "claude":
        return Writer(key, **options)
    raise ValueError(kind)
def draft(settings, topic):
    return connect("claude", settings["key"], model=settings["model"]).write(topic)
"""


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        ("", "", False),
        (', model=settings["model"]', "", True),
        ("**options):", "model=None, **options):", True),  # it may take it out of them
        ("def draft", "keep(connect)\ndef draft", True),
        ("Writer(key, **options)", "Writer(key, **options, **settings)", True),
        ("    if kind", "    options.pop('model', None)\n    if kind", True),
        ("    if kind", "    options = {}\n    if kind", True),
        ("    if kind", "    print(options.get('model'))\n    if kind", False),
    ],
)
def test_who_only_passes_on_what_is_handed_in(
    old: str, new: str, sent: bool, tmp_path: Path
) -> None:
    assert silent(tmp_path, {"app.py": PASSES_ON.replace(old, new)}) is not sent


@pytest.mark.parametrize(
    "text",
    [
        HANDS_IN,
        HANDS_IN.replace("model=settings", "settings"),
        HANDS_IN.replace(
            'return Writer(settings["key"], model=settings["model"])',
            'given = {"model": settings["model"]}\n    return Writer(settings["key"], **given)',
        ),
        HANDS_IN.replace("import Writer", "import Writer as W").replace("Writer(", "W("),
        "import writer\n" + HANDS_IN.replace("Writer(", "writer.Writer("),
        TABLE,
        TABLE.replace(
            "KINDS[kind]\n", "KINDS.get(kind)\n    if made is None:\n        return ''\n"
        ),
        HANDS_IN + "def again(writer: Writer, topic):\n    return writer.write(topic)\n",
        HANDS_IN + "def any_of(key) -> dict[str, Writer] | None:\n    return None\n",
        HANDS_IN + "def asks(one):\n    return isinstance(one, (str, Writer))\n",
        HANDS_IN + "__all__ = [\n    'Writer',\n    'draft',\n]\n",
        HANDS_IN + "class Poet(Writer):\n    pass\nPoet('key', 'claude-sonnet-5-5')\n",
        HANDED_ON,
        NAMED,
        ROWS,
    ],
)
def test_all_hand_in_another(text: str, tmp_path: Path) -> None:
    assert silent(tmp_path, {"app.py": text})


@pytest.mark.parametrize(
    "text",
    [
        "",
        HANDS_IN.replace(', model=settings["model"]', ""),
        HANDS_IN.replace('model=settings["model"]', "**settings"),
        HANDS_IN.replace(
            'return Writer(settings["key"], model=settings["model"])',
            "given = {}\n    if topic:\n        given = {'model': topic}\n"
            '    return Writer(settings["key"], **given)',
        ),
        HANDS_IN.replace('settings["key"], model=settings["model"]', "*settings"),
        HANDS_IN + "plain = Writer('key')\n",
        HANDS_IN + "def made_by(make):\n    return make('key')\nprint(made_by(Writer))\n",
        HANDS_IN + "class Poet(Writer):\n    pass\nPoet('key')\n",
        HANDS_IN
        + "class Poet(Writer):\n    def __init__(self):\n        super().__init__('key')\n",
        HANDS_IN + "__all__ = ['draft']\nKNOWN = ['Writer']\n",
        HANDS_IN + "CLAUDE = 1\nKINDS = {CLAUDE: 'Writer'}\n",
        HANDS_IN + "def both():\n    return [make('key') for make in (Writer, str)]\n",
        HANDS_IN + "print(globals()['Writer']('key'))\n",
        TABLE.replace(', model=settings["model"]', ""),
        TABLE.replace("made = KINDS[kind]", "made = register(KINDS[kind])"),
        TABLE + "def anything():\n    return [kind('key') for kind in KINDS.values()]\n",
        TABLE + "def lend():\n    made = KINDS['claude']\n    return made\nlend()('key')\n",
        TABLE + "def lend():\n    return KINDS['claude']\nprint(lend)\n",
        NAMED.replace('if kind == "claude"', 'if kind == "other"'),
        NAMED.replace('if kind == "claude"', "if settings"),
        ROWS.replace(", model=model", ""),
        ROWS.replace("made, usual = KINDS[kind]", "made, *usual = KINDS[kind]"),
        HANDED_ON.replace(", **more)", ")").replace("key, model=model", "key"),
    ],
)
def test_the_default_may_be_sent(text: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, {"app.py": text})


def test_another_file_may_leave_it_in_place(tmp_path: Path) -> None:
    more = {"app.py": HANDS_IN, "job.py": "from writer import Writer\nWriter('key').write('x')\n"}
    assert not silent(tmp_path, more)
    (tmp_path / "job.py").write_text("")
    table = {
        "app.py": TABLE,
        "job.py": "from app import KINDS\nKINDS['claude']('key').write('x')\n",
    }
    assert not silent(tmp_path, table)


def test_others_may_make_what_a_package_holds(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(BUILT)
    assert not silent(tmp_path, {"app.py": HANDS_IN}, preview=True)
    assert silent(tmp_path, {"app.py": HANDS_IN})  # no page tells them how


def test_a_class_that_is_registered_is_made_unseen(tmp_path: Path) -> None:
    kept = WRITER.replace("class Writer", "from plugins import keep\n\n\n@keep\nclass Writer")
    assert not silent(tmp_path, {"app.py": HANDS_IN}, writer=kept)


FIELDS = """\
import os
from dataclasses import dataclass

import anthropic


@dataclass
class Settings:
    key: str = ""
    model: str = "claude-3-opus-20240229"

    @classmethod
    def read(cls):
        return cls(key=os.environ["KEY"], model=os.environ["MODEL"])


def write(settings: Settings, topic):
    return anthropic.Anthropic(api_key=settings.key).messages.create(
        model=settings.model, max_tokens=900, messages=[{"role": "user", "content": topic}]
    )
"""
READS = "from writer import Settings, write\nrun(write, Settings.read())\n"


def test_a_field_that_all_fill(tmp_path: Path) -> None:
    assert silent(tmp_path, {"app.py": READS}, writer=FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        READS.replace("Settings.read()", "Settings()"),
        READS.replace("Settings.read()", "Settings(**{})"),
        READS + "print(Settings.model)\n",
        READS + "class More(Settings):\n    pass\nMore()\n",
    ],
)
def test_a_field_that_may_stay(text: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, {"app.py": text}, writer=FIELDS)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (', model=os.environ["MODEL"]', ""),
        ("return cls(", "return make(cls, "),
        ("return cls(", "return type(self)("),
        ("return cls(", "return self.__class__("),
        ("@dataclass", "@register"),
        ("class Settings:", "class Settings(Base):"),
    ],
)
def test_a_field_that_the_class_may_leave(good: str, bad: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, {"app.py": READS}, writer=FIELDS.replace(good, bad))


PAGE = "# writer\n\nInstall it and call `writer draft`.\n"
SCRIPTS = BUILT + '\n[project]\nname = "writer"\n\n[project.scripts]\nwriter = "app:main"\n'


@pytest.mark.parametrize(
    ("page", "out_of_use"),
    [
        (PAGE, True),
        (PAGE + "\n    from writer import load\n", True),
        (PAGE + "\n    from writer import Writer\n    Writer('key').write('rain')\n", False),
    ],
)
def test_a_package_that_is_there_for_its_command(
    page: str, out_of_use: bool, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text(page)
    (tmp_path / "pyproject.toml").write_text(SCRIPTS)
    assert silent(tmp_path, {"app.py": HANDS_IN}, "uv.lock") is out_of_use


def test_the_id_that_is_handed_in_counts(tmp_path: Path) -> None:
    rows = ROWS.replace("claude-sonnet-5-5", "claude-3-opus-20240229")
    (tmp_path / "writer.py").write_text(WRITER)
    (tmp_path / "app.py").write_text(rows)
    path = str(tmp_path / "writer.py")
    result = engine.check(
        [from_bytes(path, WRITER.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    (finding,) = result.findings
    assert finding.primary.path.endswith("app.py")
    assert finding.primary.line == 4
    assert "a request that names it fails" in finding.message


SHORT = WRITER.replace(
    "self.model = model",
    'self.ids = {"opus": "claude-3-opus-20240229", "claude-haiku-4": "claude-haiku-4-5"}\n'
    "        self.model = self.ids.get(model, model)",
)
SHORTENS = (
    "from writer import Writer\n\nprint(Writer('key', model='claude-haiku-4').write('rain'))\n"
)


@pytest.mark.parametrize(
    ("text", "users", "where"),
    [
        (SHORT, SHORTENS, []),
        (SHORT, SHORTENS.replace("claude-haiku-4", "claude-haiku-5"), ["app.py"]),
        (SHORT.replace('{"opus"', '{"claude-haiku-5"'), SHORTENS, []),
        (SHORT.replace("self.ids.get(model, model)", "model"), SHORTENS, ["app.py"]),
    ],
)
def test_a_short_name_that_a_table_turns_into_an_id(
    text: str, users: str, where: list[str], tmp_path: Path
) -> None:
    (tmp_path / "writer.py").write_text(text)
    (tmp_path / "app.py").write_text(users)
    path = str(tmp_path / "writer.py")
    result = engine.check(
        [from_bytes(path, text.encode())],
        [UnknownModel()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    assert [Path(f.primary.path).name for f in result.findings] == where


REGISTRY = """
from writer import Writer
class Registry:
    kinds = {}
    @classmethod
    def register(cls, name, kind, first=False):
        cls.kinds[name] = kind
    @classmethod
    def get(cls, name, key):
        kind = cls.kinds[name]
        return kind(key, model=name)
    @classmethod
    def names(cls):
        return list(cls.kinds.keys())
Registry.register("claude-sonnet-5-5", Writer, first=True)
Registry.register("claude-haiku-4-5", kind=Writer)
"""


def test_a_registry_that_hands_one_in(tmp_path: Path) -> None:
    assert silent(tmp_path, {"app.py": REGISTRY})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (", model=name", ""),
        ("cls.kinds[name] = kind", "cls.kinds[name] = kind\n        tell(kind)"),
        ("    @classmethod\n    def register(cls", "    @told\n    def register(cls"),
        ('"claude-sonnet-5-5", Writer,', '*("claude-sonnet-5-5", Writer),'),
        ("return list(cls.kinds.keys())", "return list(cls.kinds.values())"),
        ('Registry.register("claude-haiku-4-5"', 'others.register("claude-haiku-4-5"'),
    ],
)
def test_a_registry_that_may_not(old: str, new: str, tmp_path: Path) -> None:
    assert not silent(tmp_path, {"app.py": REGISTRY.replace(old, new)})


LISTED = """
from writer import Writer
def known():
    found = {}
    found["claude"] = Writer
    return found
class Desk:
    def __init__(self):
        self.kinds = known()
    def names(self):
        return [(name, kind.__name__) for name, kind in self.kinds.items()]
    def all(self):
        for kind in self.kinds.values():
            yield kind("key", model=chosen())
    def get(self, name):
        kind = self.kinds[name]
        return kind("key", model=chosen())
"""


def test_a_table_that_a_function_returns(tmp_path: Path) -> None:
    assert silent(tmp_path, {"app.py": LISTED})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('yield kind("key", model=chosen())', 'yield kind("key")'),
        ('return kind("key", model=chosen())', 'return kind("key")'),
        ("kind.__name__) for", "kind) for"),
        ("name, kind.__name__) for name, kind in", "row) for row in"),
        ("    return found", "    tell(found)\n    return found"),
        ("self.kinds = known()", "self.kinds = kinds"),
        ("in self.kinds.values()", "in sorted(self.kinds.values())"),
        ('yield kind("key", model=chosen())', 'if kind.used: break\n        yield kind("key")'),
    ],
)
def test_a_table_that_may_leave_it(old: str, new: str, tmp_path: Path) -> None:
    assert old in LISTED
    assert not silent(tmp_path, {"app.py": LISTED.replace(old, new)})


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ('__all__ = ["Writer"]', True),
        ('__all__ = []\n__all__.append("Writer")', True),
        ('__all__ = []\n__all__.extend(["Writer"])', True),
        ('from plugins import make\nmake("Writer").write("rain")', False),
    ],
)
def test_what_a_module_hands_on(line: str, kept: bool, tmp_path: Path) -> None:
    files = {"app.py": HANDS_IN, "more.py": f"from writer import Writer\n{line}\n"}
    assert silent(tmp_path, files) is kept
