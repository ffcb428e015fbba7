"""A page that shows what an agent does on a screen, and lets somebody go on with it.

Facts: before each request a helper leaves all but the newest pictures out of the results. What
stays is text of a line.
"""

import anthropic
import streamlit as st

client = anthropic.Anthropic()
KEEP = 10


def leave_pictures_out(messages, keep):
    results = [
        block
        for message in messages
        for block in (message["content"] if isinstance(message["content"], list) else [])
        if block.get("type") == "tool_result"
    ]
    surplus = sum(block["content"][0]["type"] == "image" for block in results) - keep
    for block in results:
        kept = []
        for part in block["content"]:
            if part["type"] == "image" and surplus > 0:
                surplus -= 1
                continue
            kept.append(part)
        block["content"] = kept


def send(messages, keep):
    if keep:
        leave_pictures_out(messages, keep)
    return client.messages.create(
        model="claude-opus-4-8",
        max_tokens=800,
        cache_control={"type": "ephemeral"},
        messages=messages,
    )


if "messages" not in st.session_state:
    st.session_state.messages = []
if prompt := st.chat_input("What to do?"):
    st.session_state.messages.append({"role": "user", "content": prompt})
    reply = send(st.session_state.messages, KEEP)
    st.session_state.messages.append({"role": "assistant", "content": reply.content})
