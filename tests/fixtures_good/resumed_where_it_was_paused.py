"""A study of a company, with searches that the server runs.

Facts: the loop goes back to its begin only where the server has paused the turn; all else leaves
it, so that mostly one request is sent.
"""

import anthropic

client = anthropic.Anthropic()

RULES = "Name the source of each figure, its date, and what else was found about it. " * 120


def study(company: str, tool: str) -> str:
    messages = [{"role": "user", "content": f"What does {company} sell, and to whom?"}]
    reply = None
    for _ in range(6):
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=4000,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            tools=[{"type": tool, "name": "web_search", "max_uses": 5}],
            messages=messages,
        )
        if reply.stop_reason == "pause_turn":
            messages.append({"role": "assistant", "content": reply.content})
            continue
        break
    return reply.content[-1].text if reply else ""


def shorter(company: str, tool: str) -> str:
    messages = [{"role": "user", "content": f"Who runs {company}?"}]
    while True:
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=4000,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            tools=[{"type": tool, "name": "web_search", "max_uses": 5}],
            messages=messages,
        )
        print(reply.usage)
        if reply.stop_reason == "pause_turn":
            messages.append({"role": "assistant", "content": reply.content})
        else:
            return reply.content[-1].text
