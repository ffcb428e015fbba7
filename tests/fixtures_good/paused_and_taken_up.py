"""One turn of an agent whose tools run elsewhere.

Facts: a reply that asks for a tool leaves the loop; only one that the server has paused is sent
back to be finished.
"""

import anthropic

client = anthropic.Anthropic()


def turn(messages, tools):
    while True:
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=800,
            tools=tools,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        if reply.stop_reason == "refusal":
            return "refusal", []
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason == "pause_turn":
            continue
        calls = [block for block in reply.content if block.type == "tool_use"]
        if calls:
            return "tool_use", calls
        return "end", []
