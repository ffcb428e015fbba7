"""Only the errand says whether a loop goes on, and its method counts the rounds."""

from enum import Enum

import anthropic

client = anthropic.Anthropic()


class State(Enum):
    UNDER_WAY = "under way"
    DONE = "done"
    GIVEN_UP = "given up"


class Errand:
    def __init__(self, question: str, most: int, run) -> None:
        self.state = State.UNDER_WAY
        self.messages: list[dict] = [{"role": "user", "content": question}]
        self.rounds = 0
        self.most = most
        self.run = run

    def update(self, reply) -> None:
        self.rounds += 1
        if self.rounds > self.most:
            self.state = State.GIVEN_UP
            return
        self.messages.append({"role": "assistant", "content": reply.content})
        calls = [block for block in reply.content if block.type == "tool_use"]
        if not calls:
            self.state = State.DONE
            return
        results = [
            {"type": "tool_result", "tool_use_id": call.id, "content": self.run(call)}
            for call in calls
        ]
        self.messages.append({"role": "user", "content": results})


def fetch(question: str, tools: list[dict], run) -> str:
    errand = Errand(question, 12, run)
    while errand.state == State.UNDER_WAY:
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            tools=tools,
            messages=errand.messages,
            cache_control={"type": "ephemeral"},
        )
        errand.update(reply)
    return reply.content[-1].text
