"""A talk that somebody types, until the reply says that everything is known."""

import json

import anthropic

client = anthropic.Anthropic()

TASK = 'Find out the size, the wood and the date. Answer {"say": "...", "done": true or false}.'


class Interview:
    def __init__(self) -> None:
        self.talk: list[dict] = []

    def ask(self, line: str) -> dict:
        self.talk.append({"role": "user", "content": line})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=300,
            system=TASK,
            messages=self.talk,
            cache_control={"type": "ephemeral"},
        )
        text = reply.content[0].text
        self.talk.append({"role": "assistant", "content": text})
        return json.loads(text)


def main() -> None:
    interview = Interview()
    while True:
        line = input("You: ")
        if line == "/quit":
            break
        answer = interview.ask(line)
        print(answer["say"])
        if answer["done"]:
            break


if __name__ == "__main__":
    main()
