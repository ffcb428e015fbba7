"""A prompt that is sent again with a note when the reply can't be read.

Facts: the note is added to the text of this one question, three times at most; the table that the
text was made of stays what it is, and the next question begins with a new text.
"""

import json

import anthropic
from flask import Flask, request

app = Flask(__name__)
client = anthropic.Anthropic()
DAYS = {"mon": "Monday", "tue": "Tuesday"}
PLAN = "Plan the training of {day} for somebody who says: {wish}"


def call(text):
    reply = client.messages.create(
        model="claude-opus-4-8",
        max_tokens=800,
        messages=[{"role": "user", "content": text}],
    )
    return reply.content[0].text


def call_json(text):
    said = ""
    for _ in range(3):
        said = call(text)
        try:
            return json.loads(said)
        except json.JSONDecodeError:
            text = text + "\n\nThat was no JSON. Answer with JSON alone."
    raise ValueError(said)


@app.post("/plan")
def plan():
    day = DAYS.get(request.json["day"], "today")
    return call_json(PLAN.format(day=day, wish=request.json["wish"]))
