"""One message is marked, the last or the one before: its place is worked out, and no loop marks."""

import anthropic

client = anthropic.Anthropic()


def marked(messages, ahead):
    place = len(messages) - 2 if ahead else len(messages) - 1
    if place < 0:
        return list(messages)
    out = list(messages)
    changed = dict(out[place])
    changed["content"] = [
        {"type": "text", "text": changed["content"], "cache_control": {"type": "ephemeral"}}
    ]
    out[place] = changed
    return out


def ask(messages, ahead):
    return client.messages.create(
        model="claude-sonnet-5-5", max_tokens=900, messages=marked(messages, ahead)
    )


def look_ahead(letters):
    messages = []
    for letter in letters:
        messages.append({"role": "user", "content": f"What comes after this? {letter}"})
    return ask(messages, ahead=len(messages) > 3)
