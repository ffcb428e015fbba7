"""A library of conversations that plugins take part in.

Facts: each plugin is handed the conversation before it is sent, and may take out of it what it
likes: one of those that come with the library does.
"""

import anthropic

client = anthropic.Anthropic()


class Talk:
    def __init__(self, plugins):
        self.plugins = plugins
        self.messages = []

    def add(self, role, text):
        self.messages.append({"role": role, "content": text})

    def send(self):
        for plugin in self.plugins:
            plugin.pre_send_hook(self)
        reply = client.messages.create(
            model="claude-opus-4-8",
            max_tokens=800,
            cache_control={"type": "ephemeral"},
            messages=self.messages,
        )
        self.add("assistant", reply.content[0].text)
        return reply
