"""Old talks are read out of a store: nobody can tell whether they differ, and no JSON is sent."""

import json
import sqlite3

import anthropic

client = anthropic.Anthropic()
RULES = "Never promise a delivery before the carrier has confirmed it in writing. "


def notes(path):
    with sqlite3.connect(path) as store:
        store.row_factory = sqlite3.Row
        cursor = store.execute("SELECT * FROM talks ORDER BY day DESC LIMIT ?", (20,))
        found = []
        for row in cursor:
            found.append({"day": row["day"], "talk": json.loads(row["talk"])})
        return found


class Desk:
    def __init__(self, path):
        self.path = path
        self.said = []

    def answer(self, question):
        self.said.append({"role": "user", "content": question})
        system = RULES
        for talk in notes(self.path):
            system += f"\n- {talk['day']}: {talk['talk'][0]['content'][:80]}"
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=900, system=system, messages=self.said
        )
        self.said.append({"role": "assistant", "content": reply.content})
        if len(self.said) > 80:
            del self.said[:-40]
        return reply


def main():
    desk = Desk("talks.db")
    while True:
        print(desk.answer(input("> ")))
