"""A panel of models that goes through its rounds, and a client that asks one of them.

Facts: what was said is kept in a state that is made for each discussion; that is over after the
last round. The client sends what it is handed, inside a function that something else calls.
"""

import datetime

import anthropic
from panel.retries import again


class State:
    def __init__(self, topic):
        self.topic = topic
        self.round = 0
        self.status = "going on"
        self.said: list[dict] = []


class Client:
    def __init__(self):
        self.client = anthropic.AsyncAnthropic()

    async def answer(self, rules, messages):
        async def ask():
            reply = await self.client.messages.create(
                model="claude-opus-4-8",
                max_tokens=800,
                cache_control={"type": "ephemeral"},
                system=rules,
                messages=messages,
            )
            return reply.content[0].text

        return await again(ask)


class Panel:
    def __init__(self):
        self.client = Client()

    async def next_word(self, speaker, state: State):
        messages = []
        for word in state.said:
            role = "assistant" if word["by"] == speaker else "user"
            messages.append({"role": role, "content": word["text"]})
        return await self.client.answer("You sit on a panel.", messages)

    async def discuss(self, topic):
        state = State(topic)
        while state.status == "going on":
            text = await self.next_word("first", state)
            state.said.append({"by": "first", "text": text, "at": datetime.date.today()})
            if "I agree" in text:
                state.round += 1
            if state.round == 3:
                state.status = "over"
        return state
