"""What the README prints is what the program says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from skinflint.linter import config

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_and_the_table_of_rules_are_current() -> None:
    spec = importlib.util.spec_from_file_location("readme", ROOT / "scripts" / "refresh_readme.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.refreshed(README) == README, "run: python scripts/refresh_readme.py"


def test_the_configuration_is_one(tmp_path: Path) -> None:
    [text] = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    settings = config.load(tmp_path, None)
    assert settings.assume.stable == ("TENANT_PROMPT",)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
