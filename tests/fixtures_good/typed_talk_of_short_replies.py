"""A talk that somebody types, with short replies: few get to what the model caches from."""

import anthropic

client = anthropic.Anthropic()


def talk() -> None:
    said = []
    while True:
        line = input("You: ")
        if line == "bye":
            return
        said.append({"role": "user", "content": line})
        reply = client.messages.create(
            model="claude-haiku-4-5-20251001", max_tokens=300, messages=said
        )
        said.append({"role": "assistant", "content": reply.content[0].text})
        if len(said) > 200:
            said = []
        print(reply.content[0].text)


if __name__ == "__main__":
    talk()
