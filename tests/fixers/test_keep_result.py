"""Functions that keep what they read."""

from __future__ import annotations

import textwrap

import pytest
from mending import mended, source

from skinflint.fixers.plan import Declined
from skinflint.linter.findings import KeepResult
from skinflint.linter.source import SourceFile
from skinflint.linter.spans import Span


def keep(file: SourceFile) -> KeepResult:
    """The operation on the first call of ``run`` in a file."""
    for number, line in enumerate(file.text.split("\n"), start=1):
        at = line.find("run(")
        if at >= 0:
            return KeepResult(Span(file.path, number, at + 1, number, line.index(")") + 2))
    raise AssertionError("no call")


def written(text: str) -> SourceFile:
    return source(textwrap.dedent(text).lstrip("\n"))


@pytest.mark.parametrize(
    ("imports", "after", "decorator"),
    [
        ("import os", "import functools\nimport os", "functools.cache"),
        ("import abc", "import abc\nimport functools", "functools.cache"),
        ("import functools", "import functools", "functools.cache"),
        ("from functools import cache", "from functools import cache", "cache"),
        ("import abc\nimport sys", "import abc\nimport functools\nimport sys", "functools.cache"),
    ],
)
def test_kept(imports: str, after: str, decorator: str) -> None:
    body = "\n\n# what changed\ndef tree() -> str:\n    return run()\n"
    file = source(imports + body)
    expected = after + body.replace("def tree", f"@{decorator}\ndef tree")
    assert mended(file, keep(file)) == expected


@pytest.mark.parametrize(
    "function",
    [
        "def tree(where: str, deep: int | None = None) -> str:\n    return run(where)",
        "def tree():\n    return run().stdout.strip()",
        'def tree():\n    return f"{run()}" if tree else ""',
        "def tree() -> str | None:\n    return run()",
    ],
)
def test_what_can_be_kept(function: str) -> None:
    file = source(f"import os\n\n\n{function}\n")
    assert "@functools.cache\ndef tree" in mended(file, keep(file))


DECLINES = {
    "no function of the module": """
        import os

        class A:
            def tree(self) -> str:
                return run()
    """,
    "in a function of its own": """
        import os

        TREE = run()
    """,
    "decorated already": """
        import os

        @os.cached
        def tree() -> str:
            return run()
    """,
    "isn't surely a text": """
        import os

        def tree():
            return run()
    """,
    "what `where` of tree() is": """
        import os

        def tree(where: list) -> str:
            return run()
    """,
    "any number of arguments": """
        import os

        def tree(*where: str) -> str:
            return run()
    """,
    "more than give a value": """
        import os

        def tree() -> str:
            global seen
            seen = run()
            return seen
    """,
    "the name of something else": """
        import os

        functools = 1

        def tree() -> str:
            return run()
    """,
    "imports nothing": """
        def tree() -> str:
            return run()
    """,
}


@pytest.mark.parametrize("reason", sorted(DECLINES))
def test_declines(reason: str) -> None:
    file = written(DECLINES[reason])
    with pytest.raises(Declined) as caught:
        mended(file, keep(file))
    assert reason in caught.value.reason
