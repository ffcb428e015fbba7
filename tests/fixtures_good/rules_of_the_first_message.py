"""An interface in another format: the caller hands in the whole conversation, rules first.

Facts: the first message of a conversation stays the first while others come behind it.
"""

import anthropic


class Chat:
    def __init__(self, key):
        self.client = anthropic.Anthropic(api_key=key)

    def create(self, model, messages, notes):
        rules = ""
        if messages[0]["role"] == "system":
            rules = messages[0]["content"]
            messages = messages[1:]
        return self.client.messages.create(
            model=model,
            max_tokens=800,
            system=[
                {"type": "text", "text": rules},
                {"type": "text", "text": notes, "cache_control": {"type": "ephemeral"}},
            ],
            messages=messages,
        )
