"""An adapter that takes the system prompt off the head of the conversation it is handed.

Facts: the list of messages grows from turn to turn, but the system messages in it stay what they
are, so the system text is the same bytes each time and both breakpoints are read. That the list
changes says nothing of a part that was taken out of it.
"""

import anthropic


class Adapter:
    def __init__(self, model: str) -> None:
        self.model = model
        self.client = anthropic.Anthropic()

    def divide(self, messages):
        return self.dialect.divide(messages)

    def send(self, messages):
        divided = self.divide(messages)
        return self.client.messages.create(
            model=self.model,
            max_tokens=800,
            system=divided.system,
            messages=divided.turns,
            cache_control={"type": "ephemeral"},
        )

    def send_marked(self, messages):
        system, turns = self.divide(messages)
        return self.client.messages.create(
            model=self.model,
            max_tokens=800,
            system=[{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}],
            messages=turns,
        )

    def send_collected(self, messages):
        rules = []
        turns = []
        for message in messages:
            if message["role"] == "system":
                rules.append(message["content"])
            else:
                turns.append(message)
        return self.client.messages.create(
            model=self.model,
            max_tokens=800,
            system=[
                {
                    "type": "text",
                    "text": "\n\n".join(rules),
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=turns,
        )
