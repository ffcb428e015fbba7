"""The server searches within one request: a second round only follows a turn that it paused."""

import anthropic

client = anthropic.Anthropic()

# stands in for six pages of rules
RULES = "Name the paper, the page and the day of whatever you say about the old mill. " * 90
SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 4}


def look_up(question: str) -> str:
    messages = [{"role": "user", "content": question}]
    rounds = 8
    for _ in range(rounds):
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=900,
            system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
            tools=[SEARCH],
            messages=messages,
        )
        if reply.stop_reason not in ("pause_turn", "tool_use"):
            break
        messages.append({"role": "assistant", "content": reply.content})
    return reply.content[-1].text
