"""Clients of several platforms, and the models that are chosen along with them."""

from __future__ import annotations

import pytest
from judging import judged

from skinflint.rules.retired_model import RetiredModel

HEAD = """\
import os

from anthropic import Anthropic, AnthropicBedrock, AnthropicVertex

SONNET = "claude-3-5-sonnet-20241022"
ON_BEDROCK = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
"""
ASK = """

    def ask(self, text):
        return self.client.messages.create(
            model=self.model, max_tokens=900, messages=[{"role": "user", "content": text}]
        )
"""


def lines(text: str) -> list[str]:
    """The lines that are told, with what is said to have ended the model."""
    told = judged(RetiredModel, text)
    said = text.splitlines()
    return [
        f"{said[each.primary.line - 1].strip()} # "
        + ("Bedrock" if "Amazon Bedrock" in each.message else "Anthropic")
        for each in told
    ]


LADDER = (
    HEAD
    + """

class Analyst:
    def __init__(self, bedrock, address=None, dry=False):
        if dry:
            self.client = None
            self.model = None
        elif bedrock:
            self.client = AnthropicBedrock()
            self.model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
        elif address:
            self.client = Anthropic(base_url=address)
            self.model = os.getenv("ANALYST_MODEL", "claude-3-5-sonnet-20241022")
        else:
            self.client = Anthropic()
            self.model = "claude-3-5-sonnet-20241022"
"""
    + ASK
)


def test_each_branch_has_a_client_and_its_model() -> None:
    assert lines(LADDER) == ['self.model = "claude-3-5-sonnet-20241022" # Anthropic']


def test_the_direct_branch_is_served() -> None:
    served = LADDER.replace(
        'Anthropic()\n            self.model = "claude-3-5-sonnet-20241022"',
        'Anthropic()\n            self.model = "claude-opus-4-8"',
    )
    assert lines(served) == []


def test_the_branch_of_the_cloud_has_a_model_that_ended() -> None:
    ended = LADDER.replace(
        '"us.anthropic.claude-sonnet-4-5-20250929-v1:0"',
        '"anthropic.claude-3-5-sonnet-20241022-v2:0"',
    )
    assert lines(ended) == [
        'self.model = "anthropic.claude-3-5-sonnet-20241022-v2:0" # Bedrock',
        'self.model = "claude-3-5-sonnet-20241022" # Anthropic',
    ]


@pytest.mark.parametrize(
    "choosing",
    [
        "self.client = AnthropicBedrock() if cloud else Anthropic()\n"
        "        self.model = ON_BEDROCK if cloud else 'claude-3-5-sonnet-20241022'",
        "self.cloud = cloud\n"
        "        if not self.cloud:\n            self.client = Anthropic()\n"
        "        else:\n            self.client = AnthropicBedrock()\n"
        "        if cloud:\n            self.model = ON_BEDROCK\n"
        "        else:\n            self.model = 'claude-3-5-sonnet-20241022'",
        "self.client = Anthropic()\n        self.model = 'claude-3-5-sonnet-20241022'\n"
        "        if cloud:\n            self.client = AnthropicBedrock()\n"
        "            self.model = ON_BEDROCK",
        "self.client = AnthropicBedrock() if cloud else Anthropic()\n"
        "        self.model = os.getenv('ANALYST_MODEL', 'claude-3-5-sonnet-20241022')",
        "self.model = os.getenv('ANALYST_MODEL', 'claude-3-5-sonnet-20241022')\n"
        "        self.client = AnthropicVertex() if cloud else Anthropic()",
    ],
)
def test_a_plain_id_is_for_the_first_party(choosing: str) -> None:
    text = f"{HEAD}\n\nclass Analyst:\n    def __init__(self, cloud):\n        {choosing}\n{ASK}"
    (told,) = lines(text)
    assert "'claude-3-5-sonnet-20241022'" in told
    assert told.endswith("# Anthropic")


@pytest.mark.parametrize(
    "choosing",
    [
        "self.client = AnthropicBedrock() if cloud else AnthropicVertex()\n"
        "        self.model = SONNET",
        "self.client = AnthropicBedrock() if cloud else Anthropic()\n"
        "        self.model = ON_BEDROCK if cloud else 'claude-opus-4-8'",
        "if cloud:\n            self.client = AnthropicVertex()\n"
        "            self.model = 'claude-3-5-sonnet-20241022'\n"
        "        else:\n            self.client = Anthropic()\n"
        "            self.model = 'claude-opus-4-8'",
    ],
)
def test_no_client_is_known_to_be_sent_what_it_serves_no_more(choosing: str) -> None:
    text = f"{HEAD}\n\nclass Analyst:\n    def __init__(self, cloud):\n        {choosing}\n{ASK}"
    assert lines(text) == []


def test_one_cloud_alone_answers_by_its_own_calendar() -> None:
    text = LADDER.replace("Anthropic(base_url=address)", "AnthropicBedrock()").replace(
        "Anthropic()\n            self.model", "AnthropicBedrock()\n            self.model"
    )
    assert all(line.endswith("# Bedrock") for line in lines(text))
    assert lines(text)
