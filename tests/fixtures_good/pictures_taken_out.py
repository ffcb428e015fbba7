"""A conversation of screenshots, out of which old ones are taken.

Facts: what costs are the pictures, and no more than a few stay in the messages.
"""

import anthropic

from .screen import picture

client = anthropic.Anthropic()
MAX_PICTURES = 8


class Watcher:
    def __init__(self):
        self.messages = []

    def take_out(self):
        count = 0
        for i in range(len(self.messages) - 1, -1, -1):
            for j in range(len(self.messages[i]["content"])):
                if self.messages[i]["content"][j]["type"] == "image":
                    count += 1
                    if count > MAX_PICTURES:
                        del self.messages[i]["content"][j]
                        break

    def look(self, wish):
        said = [{"type": "text", "text": wish}, picture()]
        self.messages.append({"role": "user", "content": said})
        reply = client.messages.create(
            model="claude-opus-4-8", max_tokens=800, messages=self.messages
        )
        self.messages.append({"role": "assistant", "content": reply.content})
        self.take_out()
        return reply.content[0].text


def main():
    watcher = Watcher()
    while True:
        print(watcher.look(input("You: ")))
