"""A marked prompt that names the language of a film, which another request has told.

Facts: nearly all films are in the same language, and the whole prompt is far too short to be
cached: it would be of no use to take the language out of it.
"""

import json

import anthropic

client = anthropic.Anthropic()
RULES = "You divide subtitles into chapters. Titles are in "


def asked(prompt, rules=None):
    params = {
        "model": "claude-opus-4-8",
        "max_tokens": 800,
        "messages": [{"role": "user", "content": prompt}],
    }
    if rules:
        marked = {"type": "text", "text": rules, "cache_control": {"type": "ephemeral"}}
        params["system"] = [marked]
    reply = client.messages.create(**params)
    return json.loads(reply.content[0].text)


def language_of(title):
    found = asked("Which language is this title in? Answer with JSON. " + title)
    return found.get("language_name", "German")


def chapters(path, language):
    return asked(open(path).read(), RULES + language + ".")


def main():
    while True:
        path = input("File: ")
        print(chapters(path, language_of(path)))
