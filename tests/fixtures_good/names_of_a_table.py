"""Short names of models, each of which stands for an id in a table.

Facts: what is sent is the id; the short name itself would be only for what the table doesn't name.
"""

import os

import anthropic

client = anthropic.Anthropic()
PLAIN = "claude-sonnet-4"
IDS = {"claude-sonnet-4": "claude-opus-5-5", "claude-haiku": "claude-haiku-5-5"}


def log(entry, name):
    reply = client.messages.create(
        model=IDS.get(name, name),
        max_tokens=900,
        messages=[{"role": "user", "content": entry}],
    )
    return reply.content[0].text


print(log(os.environ["ENTRY"], os.environ.get("TIDE_MODEL") or PLAIN))
