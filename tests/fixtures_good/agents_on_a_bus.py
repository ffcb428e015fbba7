"""Agents that hand messages to each other until there is a result.

Facts: the bus takes an agent out of a table and hands it one message in each round; it makes as
many rounds as it was told to, and runs once.
"""

import anthropic

client = anthropic.Anthropic()


class Agent:
    def __init__(self, role):
        self.role = role
        self.history = []

    def receive(self, text):
        self.history.append({"role": "user", "content": text})
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=800,
            cache_control={"type": "ephemeral"},
            system=self.role,
            messages=self.history,
        )
        self.history.append({"role": "assistant", "content": reply.content[0].text})
        return reply.content[0].text


class Bus:
    def __init__(self, agents, most_turns=20):
        self.agents = agents
        self.most_turns = most_turns

    def run(self, goal, first):
        said, turns = goal, 0
        while turns < self.most_turns:
            turns += 1
            agent = self.agents[first]
            said = agent.receive(said)
            if said.startswith("RESULT"):
                break
        return said
