"""A converter that takes the rules out of a conversation kept in another format.

Facts: only the first message may be one of the role "system"; the list of parts that it goes into
holds the same text in each round, so the marked block is read again.
"""

import anthropic

SHELL = {
    "name": "shell",
    "description": "Run a command in a shell, and wait for it. " * 400,
    "input_schema": {"type": "object"},
}


def converted(messages):
    rules = []
    turns = []

    def add(role, blocks):
        if blocks:
            turns.append({"role": role, "content": blocks})

    for i, message in enumerate(messages):
        role = message.get("role")
        if role == "system":
            if i == 0:
                rules.append(message.get("content") or "")
            else:
                add("user", [{"type": "text", "text": message.get("content") or ""}])
        else:
            add(role, [{"type": "text", "text": message["content"]}])
    return "\n\n".join(part for part in rules if part), turns


class Provider:
    def __init__(self, key):
        self.client = anthropic.Anthropic(api_key=key)

    def send(self, messages):
        rules, turns = converted(messages)
        system = [{"type": "text", "text": rules, "cache_control": {"type": "ephemeral"}}]
        return self.client.messages.create(
            model="claude-opus-4-8", max_tokens=800, system=system, tools=[SHELL], messages=turns
        )


class Session:
    def __init__(self, provider, rules):
        self.provider = provider
        self.messages = [{"role": "system", "content": rules}]

    def ask(self, question):
        self.messages.append({"role": "user", "content": question})
        if len(self.messages) > 80:
            self.messages = [self.messages[0], *self.messages[-40:]]
        for _ in range(30):
            reply = self.provider.send(self.messages)
            said = reply.content[0]
            if said.type != "tool_use":
                break
            self.messages.append({"role": "user", "content": f"It printed {len(said.input)}"})
        return reply
