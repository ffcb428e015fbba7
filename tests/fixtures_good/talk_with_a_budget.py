"""A conversation that is kept, and that ends by itself.

Facts: the tokens of all its requests are added up, and at a limit it goes no further until somebody
begins a new one, so what it can cost is bounded.
"""

import anthropic

client = anthropic.Anthropic()
MOST_TOKENS = 200_000


class Talk:
    def __init__(self):
        self.messages = []
        self.spent_tokens = 0

    def ask(self, question):
        if self.spent_tokens >= MOST_TOKENS:
            return "This talk is over; begin a new one."
        self.messages.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=800,
            cache_control={"type": "ephemeral"},
            messages=self.messages,
        )
        self.spent_tokens += reply.usage.input_tokens + reply.usage.output_tokens
        self.messages.append({"role": "assistant", "content": reply.content})
        return reply.content[0].text

    def reset(self):
        self.messages = []
        self.spent_tokens = 0


def main():
    talk = Talk()
    while True:
        question = input("You: ")
        if question == "/new":
            talk.reset()
        else:
            print(talk.ask(question))
