"""An adapter that picks the system text out of the conversation, message by message.

Facts: the list grows from turn to turn, but the message with the role "system" stands at its head
and stays what it is, so the marked text is read again in each round. Only what other roles say is
new.
"""

import anthropic

SHELL = {
    "name": "shell",
    "description": "Run a command in a shell.",
    "input_schema": {"type": "object"},
}


class Adapter:
    def __init__(self, model: str) -> None:
        self.model = model
        self.client = anthropic.Anthropic()

    def query(self, messages):
        copies = []
        for message in messages:
            copies.append(message.copy())
        return self.send(copies)

    def send(self, messages):
        rules = None
        turns = []
        for message in messages:
            if message["role"] == "system":
                if rules is None:
                    rules = message["content"]
                else:
                    rules += "\n" + message["content"]
            else:
                turns.append({"role": message["role"], "content": message["content"]})
        return self.client.messages.create(
            model=self.model,
            max_tokens=800,
            tools=[SHELL],
            system=[{"type": "text", "text": rules, "cache_control": {"type": "ephemeral"}}],
            messages=turns,
        )
