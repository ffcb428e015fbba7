"""What Flask keeps for a visitor is a cookie, and no talk that is longer than one is ever sent."""

import anthropic
from flask import Flask, jsonify, request, session

app = Flask(__name__)
client = anthropic.Anthropic()


@app.post("/ask")
def ask():
    talk = session.get("talk", [])
    talk.append({"role": "user", "content": request.get_json()["words"]})
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        system="You look after the cloakroom of a theatre.",
        messages=talk,
    )
    text = reply.content[0].text
    talk.append({"role": "assistant", "content": text})
    session["talk"] = talk
    return jsonify({"text": text})
