"""Empty texts that never come to the marker, as code asks about them first."""

from __future__ import annotations

import pytest
from judging import judged

from skinflint.rules.invalid_marker_target import InvalidMarkerTarget

WRITER = """\
import anthropic

client = anthropic.Anthropic()


class Writer:
    def __init__(self, cached=True):
        self.cached = cached

    def _system(self, text):
        {guard}
        return [{{"type": "text", "text": text, "cache_control": {{"type": "ephemeral"}}}}]

    def ask(self, system, question):
        return client.messages.create(
            model="claude-opus-4-8",
            max_tokens=900,
            system=self._system(system),
            messages=[{{"role": "user", "content": question}}],
        )


def ping():
    return Writer().ask(system="", question="ping")
"""
INSIDE = """\
import anthropic

client = anthropic.Anthropic()
NOTES = ""


def ask(question, worth):
    block = {{"type": "text", "text": NOTES}}
    {test}:
        block["cache_control"] = {{"type": "ephemeral"}}
    return client.messages.create(
        model="claude-opus-4-8",
        max_tokens=900,
        system=[block],
        messages=[{{"role": "user", "content": question}}],
    )
"""


@pytest.mark.parametrize(
    "guard",
    [
        "if not self.cached or len(text) < 1024:\n            return text",
        "if len(text) <= 0:\n            return text",
        "if not (len(text) > 20):\n            return text",
        "if not (len(text) >= 20 and self.cached):\n            return text",
        "if count_tokens(text) < 1024:\n            return text",
        "tokens = count_tokens(text)\n        if tokens < 1024:\n            return text",
        "if text:\n            pass\n        else:\n            return None",
    ],
)
def test_an_empty_text_leaves_before_the_marker(guard: str) -> None:
    assert judged(InvalidMarkerTarget, WRITER.format(guard=guard)) == ()


@pytest.mark.parametrize(
    "guard",
    [
        "self.asked = True",
        "if not self.cached:\n            return text",
        "if len(text) < 1024:\n            print('short')",
    ],
)
def test_an_empty_text_comes_to_the_marker(guard: str) -> None:
    findings = judged(InvalidMarkerTarget, WRITER.format(guard=guard))
    assert "an empty block can't carry a marker" in findings[0].message


@pytest.mark.parametrize("test", ["if worth(NOTES)", "if worth and enough(block['text'])"])
def test_a_marker_that_is_put_on_behind_a_question(test: str) -> None:
    assert judged(InvalidMarkerTarget, INSIDE.format(test=test)) == ()


def test_a_question_about_something_else() -> None:
    assert judged(InvalidMarkerTarget, INSIDE.format(test="if True"))
