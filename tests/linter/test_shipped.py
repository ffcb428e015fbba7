"""Settings that a project ships for the variables a model is read from."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skinflint.linter import config, engine
from skinflint.linter.request import Platform
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context, Rule
from skinflint.rules.no_cache import NoCache
from skinflint.rules.prefix_below_minimum import PrefixBelowMinimum
from skinflint.rules.retired_model import RetiredModel

CONTEXT = Context(as_of=datetime.date(2026, 11, 22))
#: Long enough for a model that caches from 512 tokens, too short for one that wants 4,096.
RULES = "Every letter is answered in the tone it was written in. " * 60
DRAW = f"""\
import os

import anthropic

RULES = {RULES!r}
MODEL = os.getenv("DRAWING_MODEL", "claude-haiku-4-5")


def read(drawing):
    return anthropic.Anthropic().messages.create(
        model=MODEL,
        max_tokens=900,
        system=[{{"type": "text", "text": RULES, "cache_control": {{"type": "ephemeral"}}}}],
        messages=[{{"role": "user", "content": drawing}}],
    )
"""
FIELD = DRAW.replace(
    'MODEL = os.getenv("DRAWING_MODEL", "claude-haiku-4-5")',
    "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
    '    drawing_model: str = "claude-haiku-4-5"\n\n\nsettings = Settings()',
).replace("model=MODEL", "model=settings.drawing_model")
TURNS = f"""\
import os

import anthropic

RULES = {RULES!r} * 4
MODEL = os.getenv("DRAWING_MODEL", "claude-opus-5-5")


def read(drawings):
    client = anthropic.Anthropic()
    for drawing in drawings:
        client.messages.create(
            model=MODEL,
            max_tokens=900,
            system=RULES,
            messages=[{{"role": "user", "content": drawing}}],
        )
"""


def told(
    folder: Path, text: str, settings: dict[str, str], rule: type[Rule] = PrefixBelowMinimum
) -> bool:
    (folder / "code").mkdir()
    (folder / "requirements.txt").write_text("")
    for name, said in settings.items():
        (folder / name).write_text(said)
    path = folder / "code" / "draw.py"
    path.write_text(text)
    result = engine.check(
        [from_bytes(str(path), text.encode())],
        [rule()],
        config.load(None, None, isolated=True),
        CONTEXT,
    )
    assert result.problems == ()
    assert result.requests
    return bool(result.findings)


@pytest.mark.parametrize("text", [DRAW, FIELD])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".env.example", "KEY=\nDRAWING_MODEL=claude-opus-5-5\n"),
        (".env", 'export DRAWING_MODEL="claude-opus-5-5"\n'),
        ("drawing.env", "DRAWING_MODEL = 'claude-opus-5-5'\n"),
        ("docker-compose.yml", "services:\n  a:\n    environment:\n"
         "      - DRAWING_MODEL=${DRAWING_MODEL:-claude-opus-5-5}\n"),
        ("compose.prod.yaml", "      DRAWING_MODEL: claude-opus-5-5\n"),
        ("Dockerfile", "FROM python\nENV DRAWING_MODEL claude-opus-5-5\n"),
        ("render.yaml", "  envVars:\n  - key: DRAWING_MODEL\n    value: claude-opus-5-5\n"),
        ("render-docker.yaml", "- key: 'DRAWING_MODEL'\r\n  value: \"claude-opus-5-5\"\r\n"),
    ],
)  # fmt: skip
def test_settings_name_a_model_that_caches_from_less(
    text: str, name: str, said: str, tmp_path: Path
) -> None:
    assert not told(tmp_path, text, {name: said})


@pytest.mark.parametrize("text", [DRAW, FIELD])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".env.example", "DRAWING_MODEL=claude-haiku-4-5\n"),
        (".env.example", "# DRAWING_MODEL=claude-opus-5-5\n"),
        (".env.example", "OTHER_DRAWING_MODEL=claude-opus-5-5\n"),
        (".env.example", "DRAWING_MODEL=\n"),
        ("notes.md", "DRAWING_MODEL=claude-opus-5-5\n"),
        (
            "render.yaml",
            "- key: DRAWING_MODEL\n  sync: false\n- key: O\n  value: claude-opus-5-5\n",
        ),
    ],
)
def test_nothing_names_another(text: str, name: str, said: str, tmp_path: Path) -> None:
    assert told(tmp_path, text, {name: said})


def test_settings_beside_another_project(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DRAWING_MODEL=claude-opus-5-5\n")
    (tmp_path / "mine").mkdir()
    assert told(tmp_path / "mine", DRAW, {})


def test_settings_name_a_model_that_caches_from_more(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert told(tmp_path / "one", TURNS, {}, NoCache)
    said = {".env.example": "DRAWING_MODEL=claude-haiku-4-5\n"}
    assert not told(tmp_path / "two", TURNS, said, NoCache)


@pytest.mark.parametrize(
    ("files", "platform"),
    [
        ({}, Platform.CLAUDE_API),
        ({".env": "ANTHROPIC_BASE_URL=https://models.example.org/api\n"}, Platform.COMPATIBLE),
        ({"compose.yaml": "ANTHROPIC_BASE_URL: http://proxy:4000\n"}, Platform.COMPATIBLE),
        ({".env": "ANTHROPIC_BASE_URL=https://api.anthropic.com\n"}, Platform.CLAUDE_API),
        ({".env": "ANTHROPIC_BASE_URL=\nANTHROPIC_API_KEY=k\n"}, Platform.CLAUDE_API),
        ({".env.example": "# ANTHROPIC_BASE_URL=http://localhost:1\n"}, Platform.CLAUDE_API),
        ({".env": "OPENAI_BASE_URL=https://models.example.org\n"}, Platform.CLAUDE_API),
    ],
)
def test_the_address_of_the_api(files: dict[str, str], platform: Platform, tmp_path: Path) -> None:
    """The SDK asks the environment for it where the code says none."""
    for name, said in {"requirements.txt": "", "draw.py": TURNS, **files}.items():
        (tmp_path / name).write_text(said)
    path = str(tmp_path / "draw.py")
    source = from_bytes(path, TURNS.encode())
    settings = config.load(None, None, isolated=True)
    result = engine.check([source], [NoCache()], settings, CONTEXT)
    assert {each.site.platform for each in result.requests} == {platform}


@pytest.mark.parametrize(
    ("variable", "said", "told"),
    [
        ("CHAT_MODEL", "CHAT_MODEL=glm-5", False),
        ("CHAT_MODEL", "CHAT_MODEL=openai/gpt-9-mini", False),
        ("CHAT_MODEL", "CHAT_MODEL=anthropic/claude-haiku-5-5", True),
        ("CHAT_MODEL", "CHAT_MODEL=your-model", True),
        ("CLAUDE_MODEL", "CLAUDE_MODEL=gpt-9", True),  # whoever sets it means Claude
        ("CHAT_MODEL", "", True),
    ],
)
def test_settings_that_name_models_of_other_makers(
    variable: str, said: str, told: bool, tmp_path: Path
) -> None:
    text = DRAW.replace("DRAWING_MODEL", variable).replace(
        "claude-haiku-4-5", "claude-3-opus-20240229"
    )
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / ".env.example").write_text(said + "\n")
    (tmp_path / "draw.py").write_text(text)
    path = str(tmp_path / "draw.py")
    settings = config.load(None, None, isolated=True)
    result = engine.check([from_bytes(path, text.encode())], [RetiredModel()], settings, CONTEXT)
    assert bool(result.findings) is told


OLD = DRAW.replace("claude-haiku-4-5", "claude-3-opus-20240229")
OLD_FIELD = FIELD.replace("claude-haiku-4-5", "claude-3-opus-20240229")


@pytest.mark.parametrize("text", [OLD, OLD_FIELD])
@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("DRAWING_MODEL=claude-opus-5-5\n", False),
        ("DRAWING_MODEL=claude-3-opus-20240229\n", True),
        ("DRAWING_MODEL=claude-2.1\n", True),
        ("DRAWING_MODEL=your-model-here\n", True),
        ("DRAWING_MODEL=\n", True),
        ("OTHER_MODEL=claude-opus-5-5\n", True),
    ],
)
def test_settings_name_a_served_model_in_the_place_of_a_retired_one(
    text: str, said: str, found: bool, tmp_path: Path
) -> None:
    assert told(tmp_path, text, {".env.example": said}, RetiredModel) is found


def test_settings_of_two_places_that_name_two_models(tmp_path: Path) -> None:
    files = {
        ".env.example": "DRAWING_MODEL=claude-opus-5-5\n",
        "compose.yaml": "      DRAWING_MODEL: claude-3-opus-20240229\n",
    }
    assert told(tmp_path, OLD, files, RetiredModel)
