"""A cost made of the input alone, where the marked text is too short to be cached, most likely."""

import anthropic

client = anthropic.Anthropic()
RULES = "Each claim is put into one of nine groups, and none is left out. " * 50


def cost(usage) -> float:
    return (usage.input_tokens * 3 + usage.output_tokens * 15) / 1_000_000


def group(claim: str) -> str:
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=300,
        system=[{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": claim}],
    )
    print(f"{cost(reply.usage):.4f}")
    return reply.content[0].text
