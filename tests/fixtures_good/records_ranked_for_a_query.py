"""Summaries that are ranked for a query: somebody waits for the ranking."""

import json

import anthropic

client = anthropic.Anthropic()


class Archive:
    def __init__(self, path):
        with open(path) as file:
            self.summaries = json.load(file)

    def ranked(self, query):
        scores = []
        for summary in self.summaries:
            reply = client.messages.create(
                model="claude-haiku-5-5",
                max_tokens=5,
                messages=[{"role": "user", "content": f"{summary}\n\n0 to 10, for: {query}"}],
            )
            scores.append((float(reply.content[0].text), summary))
        return sorted(scores, reverse=True)[:3]


print(Archive("archive.json").ranked("Who may keep a dog?"))
