"""A helper marks what it is handed: one of the two calls hands in enough to be cached."""

import anthropic

client = anthropic.Anthropic()
TOOLS = [{"name": "look", "description": "Looks a boat up.", "input_schema": {"type": "object"}}]
BRIEF = "You answer for a boat yard, in two sentences at most."
HANDBOOK = "Whoever asks for a berth is asked for length, draught, and the days of the stay. " * 90


def marked(text: str) -> list[dict]:
    return [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]


def answer(question: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=300,
        system=marked(BRIEF),
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def decide(question: str):
    return client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=300,
        system=marked(HANDBOOK),
        tools=TOOLS,
        messages=[{"role": "user", "content": question}],
    ).content


def main() -> None:
    while question := input("> "):
        print(answer(question), decide(question))
