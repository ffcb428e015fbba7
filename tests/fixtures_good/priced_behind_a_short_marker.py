"""A marker in front of which stands too little: nothing is cached, so two counts say it all."""

import anthropic

client = anthropic.Anthropic()


def rhyme(word: str) -> float:
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=200,
        system=[
            {
                "type": "text",
                "text": "Find three rhymes.",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": word}],
    )
    print(reply.content[0].text)
    usage = reply.usage
    cost = usage.input_tokens * 3 / 1_000_000 + usage.output_tokens * 15 / 1_000_000
    print(f"{cost:.6f}")
    return cost


if __name__ == "__main__":
    print(rhyme(input("A word: ")))
