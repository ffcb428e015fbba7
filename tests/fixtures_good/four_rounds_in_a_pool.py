"""Everybody who takes part keeps what was said, for four rounds that a pool runs."""

from concurrent.futures import ThreadPoolExecutor

import anthropic

client = anthropic.Anthropic()


class Guest:
    def __init__(self, name: str) -> None:
        self.name = name
        self.talk: list[dict] = []

    def say(self, prompt: str) -> str:
        self.talk.append({"role": "user", "content": prompt})
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=300,
            messages=self.talk,
            cache_control={"type": "ephemeral"},
        )
        text = reply.content[0].text
        self.talk.append({"role": "assistant", "content": text})
        return text


def play(guests: list, workers: int) -> list[list[str]]:
    said = []
    for number in range(1, 5):
        prompt = f"Round {number}: name a number from 0 to 100."

        def one(guest, words):
            return guest.say(words)

        with ThreadPoolExecutor(max_workers=workers) as pool:
            said.append(list(pool.map(one, guests, [prompt] * len(guests))))
    return said
