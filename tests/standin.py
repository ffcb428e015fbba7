"""The stand-in for the Messages API that the examples bring along, for the project's own tests.

``run`` plays a program against it and returns the JSON bodies that the program sent.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PATH = Path(__file__).parents[1] / "examples" / "support_agent" / "tests" / "standin.py"
_spec = importlib.util.spec_from_file_location("skinflint_examples_standin", _PATH)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

StandIn = _module.StandIn


def run(
    code: str, cwd: Path, *arguments: str, script: Callable[[Any], None] | None = None
) -> list[dict[str, Any]]:
    """Run ``code`` in a Python of its own against a stand-in; the bodies of what it sent.

    ``script`` is called with the stand-in first, to put replies into it.

    Raises:
        AssertionError: the program failed; its standard error is the message.
    """
    clean = {name: text for name, text in os.environ.items() if not name.startswith("ANTHROPIC_")}
    with StandIn() as standin:
        if script:
            script(standin)
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=cwd,
            env=clean | standin.environment | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        bodies: list[dict[str, Any]] = standin.bodies
        return bodies
