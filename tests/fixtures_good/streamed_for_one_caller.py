"""The streamed branch is taken by the one caller that asks for it, not by those of the loop."""

import anthropic

client = anthropic.Anthropic()

# stands in for four pages of rules
RULES = "Never promise a delivery before the carrier has confirmed it in writing. " * 60


def ask(messages, stream=False):
    if stream:
        with client.messages.stream(
            model="claude-sonnet-5-5", max_tokens=900, system=RULES, messages=messages
        ) as lines:
            return "".join(lines.text_stream)
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        system=RULES,
        messages=messages,
        cache_control={"type": "ephemeral"},
    )
    return reply.content[0].text


def haggle(offer: str) -> str:
    messages = [{"role": "user", "content": offer}]
    for _ in range(9):
        said = ask(messages)
        messages.append({"role": "assistant", "content": said})
        messages.append({"role": "user", "content": "Can you do better?"})
    return said


def main() -> None:
    print(haggle(input("Your offer: ")))
    print(ask([{"role": "user", "content": "Say goodbye."}], stream=True))


if __name__ == "__main__":
    main()
