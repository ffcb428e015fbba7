"""An adapter that copies the tools it is handed and marks the last of the copies.

Facts: however many tools there are, one breakpoint is sent with them, the list that was handed in
stays as it was, and the prefix it covers is the same in each round.
"""

import anthropic

INSTRUCTIONS = "You look things up with the tools you have, then you answer in three sentences."


class Adapter:
    def __init__(self) -> None:
        self.client = anthropic.AsyncAnthropic()

    @staticmethod
    def marked(tools: list[dict]) -> list[dict]:
        if not tools:
            return tools
        copies = [dict(tool) for tool in tools]
        copies[-1] = {**copies[-1], "cache_control": {"type": "ephemeral"}}
        return copies

    async def answer(self, messages: list[dict], tools: list[dict]):
        return await self.client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=900,
            system=[
                {"type": "text", "text": INSTRUCTIONS, "cache_control": {"type": "ephemeral"}},
            ],
            messages=messages,
            tools=self.marked(tools),
        )
