"""A plug-in whose framework keeps the conversation and takes it apart for each interface.

Facts: what the context hands over as the rules stands at the head of the conversation that it hands
over with them; nobody here changes it from turn to turn.
"""

import anthropic

SHELL = {
    "name": "shell",
    "description": "Run a command in a shell, and wait for it. " * 400,
    "input_schema": {"type": "object"},
}


class Plugin:
    def __init__(self, key, model):
        self.model = model
        self.client = anthropic.AsyncClient(api_key=key)

    async def chat(self, context):
        turns, rules = context.to_messages()
        params = {"model": self.model, "max_tokens": 800, "messages": turns, "tools": [SHELL]}
        if rules:
            params["system"] = [
                {"type": "text", "text": rules, "cache_control": {"type": "ephemeral"}}
            ]
        return await self.client.messages.create(**params)
