"""Questions about one report: the next report begins the talk anew."""

import anthropic
import streamlit as st

client = anthropic.Anthropic()

report = st.file_uploader("Report")
if report is not None and report.name != st.session_state.get("name"):
    st.session_state.name = report.name
    text = report.read().decode()
    st.session_state.talk = [
        {"role": "user", "content": text},
        {"role": "assistant", "content": "What would you like to know?"},
    ]

question = st.chat_input("Ask")
if question:
    st.session_state.talk.append({"role": "user", "content": question})
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=900,
        messages=st.session_state.talk,
        cache_control={"type": "ephemeral"},
    )
    st.session_state.talk.append({"role": "assistant", "content": reply.content[0].text})
    st.write(reply.content[0].text)
