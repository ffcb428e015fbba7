"""A conversation whose old results are left out, in a copy that takes its place.

Facts: when it is too long all but the last results are replaced by a few words. Nothing is cut off
the list, and it is bounded all the same.
"""

import copy

import anthropic

client = anthropic.Anthropic()


class Talk:
    def __init__(self):
        self.turns = []
        self.most_tokens = 120_000

    def count_tokens(self):
        return sum(len(str(turn["content"])) // 3 for turn in self.turns)

    def leave_out(self):
        shorter = copy.deepcopy(self.turns)
        for turn in shorter[:-3]:
            if turn["role"] == "user":
                turn["content"] = "(left out)"
        self.turns = shorter

    def ask(self, question):
        self.turns.append({"role": "user", "content": question})
        if self.count_tokens() > self.most_tokens:
            self.leave_out()
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=800,
            cache_control={"type": "ephemeral"},
            messages=self.turns,
        )
        self.turns.append({"role": "assistant", "content": reply.content})
        return reply.content[0].text


def main():
    talk = Talk()
    while True:
        print(talk.ask(input("You: ")))
