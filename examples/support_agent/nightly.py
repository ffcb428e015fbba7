"""The nightly job: tags the day's tickets and writes the digest for the morning meeting."""

from __future__ import annotations

import json

import anthropic

from support_agent.agent import text_of
from support_agent.prompts import DIGEST_PROMPT, REVIEW_PROMPT, TRIAGE_PROMPT
from support_agent.store import Store

TAGS = {"billing", "cover", "damage", "delivery", "opening hours", "praise", "repair", "theft"}
DIGEST_MODEL = "claude-haiku-5-5"


class NightlyJob:
    """One run over the tickets of one shop."""

    def __init__(self, store: Store, shop: str, model: str = "claude-sonnet-4-20250514") -> None:
        self.store = store
        self.shop = shop
        self.model = model
        self.client = anthropic.Anthropic()

    def run(self) -> str:
        """Tag and describe each open ticket; return what the review makes of them."""
        terms = json.loads(self.store.terms(self.shop))
        for number, body in self.store.open_tickets():
            self.store.save(number, self.tag(body), self.describe(body, terms))
        return self.review(self.store.lines())

    def tag(self, ticket: str) -> str:
        """One tag for one ticket."""
        reply = self.client.messages.create(
            model=self.model,
            max_tokens=16,
            system=[
                {
                    "type": "text",
                    "text": TRIAGE_PROMPT + "\nTags: " + ", ".join(TAGS),
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=[{"role": "user", "content": ticket}],
        )
        return text_of(reply).strip()

    def describe(self, ticket: str, terms: dict[str, object]) -> str:
        """One line for one ticket, under the terms of the shop."""
        reply = self.client.messages.create(
            model=DIGEST_MODEL,
            max_tokens=512,
            system=[
                {
                    "type": "text",
                    "text": f"{DIGEST_PROMPT}\nTerms: {json.dumps(terms)}",
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=[{"role": "user", "content": ticket}],
        )
        return text_of(reply).strip()

    def review(self, lines: list[str]) -> str:
        """Patterns in the night's digest. One call a night: there is nothing to cache."""
        reply = self.client.messages.create(
            # skinflint: ignore[unknown-model] the name under which our gateway serves Sonnet
            model="claude-sonnet-4-5-20250514",
            max_tokens=1024,
            system=REVIEW_PROMPT,
            messages=[{"role": "user", "content": "\n".join(lines)}],
        )
        return text_of(reply)


def resend(store: Store) -> str:
    """Queue the tickets again as one batch; the tags are sorted, so that all share a prefix."""
    client = anthropic.Anthropic()
    listed = ", ".join(sorted(TAGS))
    batch = client.messages.batches.create(
        requests=[
            {
                "custom_id": f"ticket-{number}",
                "params": {
                    "model": DIGEST_MODEL,
                    "max_tokens": 16,
                    "system": [
                        {"type": "text", "text": TRIAGE_PROMPT},
                        {
                            "type": "text",
                            "text": f"Tags: {listed}",
                            "cache_control": {"type": "ephemeral", "ttl": "1h"},
                        },
                    ],
                    "messages": [{"role": "user", "content": body}],
                },
            }
            for number, body in store.open_tickets()
        ]
    )
    return batch.id
