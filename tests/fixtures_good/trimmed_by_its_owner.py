"""Agents that keep all they are told, and an owner who takes the oldest turns out again.

Facts: the class that keeps the messages never drops one; who holds its objects does, above a
length, and gets them out of a factory that is handed in.
"""

import anthropic

client = anthropic.Anthropic()


class Agent:
    def __init__(self, rules):
        self.rules = rules
        self.messages = []

    def ask(self, text):
        self.messages.append({"role": "user", "content": text})
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=800,
            cache_control={"type": "ephemeral"},
            system=self.rules,
            messages=self.messages,
        )
        self.messages.append({"role": "assistant", "content": reply.content[0].text})
        return reply.content[0].text


class Worker:
    def __init__(self, make, longest=16):
        self.planner = make("Plan.")
        self.longest = longest

    def flush(self):
        if len(self.planner.messages) > self.longest:
            self.planner.messages.pop(1)
            self.planner.messages.pop(1)

    def step(self, seen):
        self.flush()
        return self.planner.ask(seen)
