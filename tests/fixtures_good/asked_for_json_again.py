"""A planner that shows the model what was wrong with its reply, and asks once more.

Facts: up to three attempts at one reply that can be read; the first one mostly can, and nothing of
an attempt is sent with the next plan.
"""

import json
import os

import anthropic

client = anthropic.Anthropic()
MAX_RETRIES = 2
RULES = "Plan the beds of a garden. Answer with one JSON object: bed, sow, harvest."


def plan(wish):
    messages = [{"role": "user", "content": wish}]
    for _ in range(1 + MAX_RETRIES):
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=900,
            system=RULES,
            messages=messages,
        )
        text = reply.content[0].text
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            messages.append({"role": "assistant", "content": text})
            messages.append({"role": "user", "content": f"That was no JSON ({error})."})
    raise ValueError("no plan")


print(plan(os.environ["WISH"]))
