"""A conversation that drops its oldest turn, all but the first message.

Facts: it never holds more than ten turns behind the task.
"""

import anthropic

client = anthropic.Anthropic()


class Talk:
    def __init__(self, task):
        self.messages = [{"role": "user", "content": task}]

    def ask(self, question):
        self.messages.append({"role": "user", "content": question})
        if len(self.messages) > 21:
            self.messages.pop(1)
            self.messages.pop(1)
        reply = client.messages.create(
            model="claude-opus-4-8", max_tokens=800, messages=self.messages
        )
        self.messages.append({"role": "assistant", "content": reply.content})
        return reply.content[0].text


def main():
    talk = Talk("Be brief.")
    while True:
        print(talk.ask(input("You: ")))
