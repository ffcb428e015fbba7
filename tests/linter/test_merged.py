"""Fallbacks behind a key that a table of defaults, or the project's own settings, fill."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.findings import Finding
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel

#: In preview, which tells of what stands for a key that may always be there.
CONTEXT = Context(as_of=datetime.date(2026, 11, 22), preview=True)
REVIEW = """\
import anthropic


class Review:
    def __init__(self, options):
        self.model = options.get("model", "claude-3-opus-20240229")

    def ask(self, text):
        return anthropic.Anthropic().messages.create(
            model=self.model, max_tokens=900, messages=[{"role": "user", "content": text}]
        )
"""
OR = REVIEW.replace(
    'self.model = options.get("model", "claude-3-opus-20240229")',
    'model = options.get("model", "")\n        self.model = model or "claude-3-opus-20240229"',
)
IF = REVIEW.replace(
    'self.model = options.get("model", "claude-3-opus-20240229")',
    'model = options.get("model")\n        if not model:\n'
    '            model = "claude-3-opus-20240229"\n        self.model = model',
)
TABLE = """\
DEFAULT_OPTIONS = {"llm": {"model": "gpt-4o", "tokens": 900}}


def load(given):
    return {**DEFAULT_OPTIONS, **given}["llm"]
"""
READS = "import yaml\n\noptions = yaml.safe_load(open('config.yaml'))\n"
PLACED = READS.replace("config.yaml", "config/letters.yaml")


LOADS = """\
import json


def load_options(path):
    defaults = {"llm": {"model": "claude-3-5-sonnet-20241022"}, "size": 3}
    options = json.load(open(path))
    for key in defaults:
        if key not in options:
            options[key] = defaults[key]
    return options
"""
SERVED = """\
import os
from flask import Flask


class Config:
    REVIEW_MODEL = os.environ.get("REVIEW_MODEL", "claude-3-5-sonnet-20241022")


app = Flask(__name__)
app.config.from_object(Config)
"""
IN_SERVED = REVIEW.replace('options.get("model"', 'app.config.get("REVIEW_MODEL"')


def silent(folder: Path, text: str, files: dict[str, str]) -> bool:
    return not told(folder, text, files)


def told(folder: Path, text: str, files: dict[str, str]) -> list[tuple[str, int]]:
    found = checked(folder, text, files)
    return [(Path(f.primary.path).name, f.primary.line) for f in found]


def checked(folder: Path, text: str, files: dict[str, str]) -> tuple[Finding, ...]:
    for name, said in {"requirements.txt": "", "review.py": text, **files}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(said)
    path = str(folder / "review.py")
    result = engine.check(
        [from_bytes(path, text.encode())],
        [RetiredModel()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    assert result.problems == ()
    assert result.requests
    return result.findings


@pytest.mark.parametrize("text", [REVIEW, OR, IF])
@pytest.mark.parametrize(
    "files",
    [
        {"options.py": TABLE},
        {
            "options.py": TABLE.replace(
                "{**DEFAULT_OPTIONS, **given}", "merge(DEFAULT_OPTIONS, given)"
            )
        },
        {"options.py": TABLE.replace("gpt-4o", "claude-sonnet-5-5")},
        {"options.py": LOADS.replace("claude-3-5-sonnet-20241022", "claude-sonnet-5-5")},
        {"options.py": READS, "config.yaml": "llm:\n  model: claude-sonnet-5-5\n"},
        {  # a file that is named for settings comes first
            "options.py": READS + PLACED,
            "config.yaml": "llm:\n  model: claude-sonnet-5-5\n",
            "config/letters.yaml": "llm:\n  model: claude-2.1\n",
        },
    ],
)
def test_another_one_stands_there(text: str, files: dict[str, str], tmp_path: Path) -> None:
    assert silent(tmp_path, text, files)


@pytest.mark.parametrize(
    "files",
    [
        {"options.py": TABLE.replace("gpt-4o", "")},
        {"options.py": TABLE.replace("gpt-4o", "claude-3-opus-20240229")},
        {"options.py": TABLE.replace("gpt-4o", "claude-2.1")},
        {"options.py": TABLE.replace("{**DEFAULT_OPTIONS, **given}", "given")},
        {"options.py": TABLE.replace('"tokens": 900', '"small": {"model": "gpt-4o-mini"}')},
        {"options.py": TABLE.replace("DEFAULT_OPTIONS", "OTHERS")},
        {"options.py": TABLE.replace('"model"', '"name"')},
        {"options.py": "", "config.yaml": "llm:\n  model: claude-sonnet-5-5\n"},  # nobody reads it
        {"options.py": READS, "config.yaml": "a:\n  model: gpt-4o\nb:\n  model: gpt-4o\n"},
        {"options.py": READS, "config/letters.yaml": "llm:\n  model: claude-sonnet-5-5\n"},
    ],
)
def test_nothing_else_is_sent(files: dict[str, str], tmp_path: Path) -> None:
    assert not silent(tmp_path, REVIEW, files)


@pytest.mark.parametrize(
    ("text", "options", "line"),
    [
        (REVIEW, TABLE.replace("gpt-4o", "claude-3-opus-20240229"), 1),
        (REVIEW, TABLE.replace("gpt-4o", "claude-2.1"), 1),
        (REVIEW, LOADS, 5),
        (OR, LOADS, 5),
        (IN_SERVED, SERVED, 6),
    ],
)
def test_it_is_told_in_the_table(text: str, options: str, line: int, tmp_path: Path) -> None:
    assert told(tmp_path, text, {"options.py": options}) == [("options.py", line)]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (REVIEW, LOADS.replace("for key in defaults", "for key in options")),
        (REVIEW, LOADS.replace("defaults", "prices")),
        (IN_SERVED, SERVED.replace("from_object", "from_file")),
        (IN_SERVED, SERVED.replace("Config", "Tables")),
        (IN_SERVED, SERVED.replace(', "claude-3-5-sonnet-20241022"', "")),
    ],
)
def test_the_fallback_is_sent(text: str, options: str, tmp_path: Path) -> None:
    assert told(tmp_path, text, {"options.py": options}) == [("review.py", 6)]


@pytest.mark.parametrize(
    ("made", "page", "sent"),
    [
        ('options.get("review", {}) or options', "options.example.yaml", False),
        ('options["review"]', "review_config.yaml", False),
        ('options.get("review", {})', "config.example.yaml", False),
        ('options.get("letters", {})', "config.example.yaml", True),  # of another table
        ("given", "config.example.yaml", True),
    ],
)
def test_a_table_under_a_name_of_its_own(made: str, page: str, sent: bool, tmp_path: Path) -> None:
    text = REVIEW.replace("options.get", f"table = {made}\n        self.model = table.get")
    text = text.replace("self.model = table = ", "table = ")
    named = page.replace("options", "config").replace(".example", "")
    reads = {"options.py": f"import yaml\n\noptions = yaml.safe_load(open({named!r}))\n"}
    says = "letters:\n  name: x\nreview:\n  model: gpt-9\n"
    found = told(tmp_path, text, {**reads, page.replace("options", "config"): says})
    assert bool(found) is sent


@pytest.mark.parametrize("owner", ["os.environ", "request_data", "options['llm']"])
def test_what_is_asked_is_no_table_of_settings(owner: str, tmp_path: Path) -> None:
    text = "import os\n\n" + REVIEW.replace("options.get", f"{owner}.get")
    assert not silent(tmp_path, text, {"options.py": TABLE})


FROM_FILE = """\
import json
import anthropic


class Review{name}:
    @classmethod
    def load(cls, path):
        with open(path) as file:
            data = {made}
        return cls(data.get("model", "claude-3-5-sonnet-20241022"))

    def __init__(self, model):
        self.model = model

    def ask(self, text):
        return anthropic.Anthropic().messages.create(
            model=self.model, max_tokens=900, messages=[{{"role": "user", "content": text}}]
        )


def review(text):
    return Review{name}.load("config.json").ask(text)
"""
SHIPPED = """{{
  "model": "{model}",
  "key": "="",
  "small": {{"tokens": 90,
    "model": "claude-haiku-5-5"}}
}}
"""


@pytest.mark.parametrize(
    ("name", "made", "model", "kept"),
    [
        ("Settings", "json.load(file)", "gpt-9", False),
        ("Settings", "json.load(file)", "claude-3-5-sonnet-20241022", True),
        ("Record", "json.load(file)", "gpt-9", True),
        ("Settings", "json.loads(text)", "gpt-9", True),
    ],
)
def test_a_file_that_the_project_brings_along(
    name: str, made: str, model: str, kept: bool, tmp_path: Path
) -> None:
    """Its outermost entry is the one that is asked for, even where it isn't well formed."""
    text = FROM_FILE.format(name=name, made=made)
    files = {"config.json": SHIPPED.format(model=model)}
    assert silent(tmp_path, text, files) is not kept


MANAGER = """\
import json

import anthropic


class ConfigManager:
    def __init__(self):
        self.values = self.load()

    def load(self):
        try:
            with open("config.json") as file:
                return json.load(file)
        except FileNotFoundError:
            return {}

    def get(self, key, default=None):
        return self.values.get(key, default)

    def model(self):
        return self.get("model", "claude-3-5-sonnet-20241022")


def ask(text):
    return anthropic.Anthropic().messages.create(
        model=ConfigManager().model(),
        max_tokens=900,
        messages=[{"role": "user", "content": text}],
    )
"""


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("claude-sonnet-5-5", None),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20250929 (in config.json:2) retires"),
        ("claude-3-opus-20240229", "claude-3-opus-20240229 (in config.json:2) was retired"),
        ("claude-3-5-sonnet-20241022", "claude-3-5-sonnet-20241022 (in config.json:2) was"),
    ],
)
def test_the_model_of_a_file_that_the_project_brings_along(
    model: str, says: str | None, tmp_path: Path
) -> None:
    """It is the one that is sent, and told where its fallback is written."""
    found = checked(tmp_path, MANAGER, {"config.json": f'{{\n  "model": "{model}"\n}}\n'})
    assert [each.primary.line for each in found] == ([21] if says else [])
    for each in found:
        assert str(says) in each.message.replace(f"{tmp_path}/", "")
        assert each.fix is None
        assert each.no_fix == f"Settings name it: change {tmp_path / 'config.json'}:2."


def test_a_key_that_is_a_path(tmp_path: Path) -> None:
    """``get("llm.model", ...)`` asks for what stands in a table in a table."""
    text = MANAGER.replace('self.get("model"', 'self.get("llm.model"')
    served = {"config.json": '{"llm": {\n  "model": "claude-sonnet-5-5"}}\n'}
    assert checked(tmp_path, text, served) == ()
    other = {"config.json": '{"llm": {\n  "kind": "claude-sonnet-5-5"}}\n'}
    assert len(checked(tmp_path, text, other)) == 1


@pytest.mark.parametrize(
    ("place", "takes", "sent"),
    [
        ("config/letters.yaml", "from options import options\n", False),
        ("config/letters.yaml", "", True),  # another program reads it for itself
        ("settings/letters.toml", "from options import options\n", False),
        ("letters/letters.yaml", "from options import options\n", True),  # it may be about anything
    ],
)
def test_settings_in_a_directory_that_says_so(
    place: str, takes: str, sent: bool, tmp_path: Path
) -> None:
    loads = f"import yaml\n\noptions = yaml.safe_load(open('{place}'))\n"
    files = {place: "llm:\n  model: claude-sonnet-5-5\n", "options.py": loads}
    assert bool(told(tmp_path, takes + REVIEW, files)) is sent


def test_settings_that_the_program_reads_and_hands_on(tmp_path: Path) -> None:
    main = (
        "import yaml\nfrom review import Review\n\nReview(yaml.safe_load(open('config/a.yaml')))\n"
    )
    files = {"main.py": main, "config/a.yaml": "model: claude-sonnet-5-5\n"}
    assert not told(tmp_path, REVIEW, files)
