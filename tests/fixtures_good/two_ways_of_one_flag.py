"""A flag decides what is marked and how it is sent: the branch without it sends no breakpoint."""

import anthropic

client = anthropic.Anthropic()

# stands in for six pages of rules
RULES = "Say which lock comes next, how full it is and who has to wait in front of it. " * 90


def rules(marked: bool) -> str | list[dict]:
    if not marked:
        return RULES
    return [{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}]


def ask(messages: list[dict], tools: list[dict], marked: bool = False):
    request = {
        "model": "claude-opus-4-8",
        "max_tokens": 900,
        "system": rules(marked),
        "tools": tools,
        "messages": messages,
    }
    return (
        client.messages.create(**request, cache_control={"type": "ephemeral"})
        if marked
        else client.messages.create(**request)
    )


def steer(question: str, tools: list[dict], use) -> str:
    messages = [{"role": "user", "content": question}]
    for _ in range(20):
        reply = ask(messages, tools, marked=True)
        if reply.stop_reason != "tool_use":
            return reply.content[-1].text
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": use(reply)})
    return ""
