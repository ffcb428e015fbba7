"""One function that runs tools if it is given any, and callers that give it none.

Facts: without tools the model calls none, so the first reply ends the loop: there is no next round
that could read what this one has written.
"""

import json
import os

import anthropic

client = anthropic.Anthropic()


def ask(question, tools=None, run=None):
    messages = [{"role": "user", "content": question}]
    while True:
        more = {"tools": tools} if tools else {}
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=900,
            system="You keep the log of a lighthouse.",
            messages=messages,
            **more,
        )
        if reply.stop_reason != "tool_use" or run is None:
            return reply.content[0].text
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": json.dumps(run(block))}
            for block in reply.content
            if block.type == "tool_use"
        ]
        messages = [
            *messages,
            {"role": "assistant", "content": reply.content},
            {"role": "user", "content": results},
        ]


def night():
    return ask(f"What happened tonight? {os.environ['LOG']}")


print(night())
