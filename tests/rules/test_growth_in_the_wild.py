"""Conversations and loops of real applications, written anew: what is reported, what is not."""

from __future__ import annotations

import datetime
import json
from textwrap import dedent

import pytest

from skinflint.linter import config, engine
from skinflint.linter.findings import Finding
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.sliding_window import SlidingWindow
from skinflint.rules.unbounded_history import UnboundedHistory
from skinflint.rules.uncapped_tool_loop import UncappedToolLoop
from skinflint.rules.whole_result_in_history import WholeResultInHistory

HEAD = """\
import anthropic

from .tools import TOOLS, perform

client = anthropic.Anthropic()
MODEL = "claude-sonnet-5-5"
"""


def findings(body: str, *, preview: bool = False) -> list[Finding]:
    """What the rules about growth say about a module that begins like all others."""
    result = engine.check(
        [from_bytes("app.py", (HEAD + dedent(body)).encode())],
        [SlidingWindow(), UnboundedHistory(), UncappedToolLoop()],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 22), preview=preview),
    )
    assert result.problems == ()
    return list(result.findings)


REPORTED = {
    "a window whose beginning is moved to where the role changes": (
        ["SKF301"],
        """
        import json
        from pathlib import Path

        from fastapi import FastAPI

        app = FastAPI()

        def window(history, most=40):
            start = max(0, len(history) - most)
            if history[start]["role"] == history[start - 1]["role"]:
                start = start - 1
            return history[start:]

        @app.post("/ask/{talk}")
        def ask(talk: str, question: str):
            kept = Path(f"{talk}.json")
            history = json.loads(kept.read_text("utf-8"))
            history.append({"role": "user", "content": question})
            reply = client.messages.create(
                model=MODEL,
                max_tokens=900,
                messages=window(history),
                cache_control={"type": "ephemeral"},
            )
            history.append({"role": "assistant", "content": reply.content[0].text})
            kept.write_text(json.dumps(history), "utf-8")
            return reply.content[0].text
        """,
    ),
    "what a service is told, handed over as a copy, and emptied by nobody who sends it": (
        ["SKF303"],
        """
        from fastapi import APIRouter

        router = APIRouter()

        class Notes:
            def __init__(self):
                self._notes = []

            def add(self, text):
                self._notes.append({"role": "user", "content": text})

            def all(self):
                taken = list(self._notes)
                return taken

            def archive(self):
                taken = self._notes
                self._notes = []
                return taken

        NOTES = Notes()

        @router.post("/ask")
        def ask(question):
            NOTES.add(question)
            reply = client.messages.create(model=MODEL, max_tokens=900, messages=NOTES.all())
            return reply.content[0].text

        @router.post("/archive")
        def archive():
            return NOTES.archive()
        """,
    ),
    "a talk that a mistake alone takes away": (
        ["SKF303"],
        """
        from fastapi import APIRouter

        router = APIRouter()

        class Notes:
            def __init__(self):
                self._notes = []

            def add(self, role, text):
                self._notes.append({"role": role, "content": text})

            def all(self):
                return list(self._notes)

            def take(self):
                taken = self._notes
                self._notes = []
                return taken

        NOTES = Notes()

        @router.post("/ask")
        def ask(question, fresh: bool = False):
            NOTES.add("user", question)
            try:
                reply = client.messages.create(
                    model=MODEL, max_tokens=900, messages=NOTES.all()
                )
            except anthropic.APIError:
                perform(NOTES.take())
                raise
            NOTES.add("assistant", reply.content[0].text)
            return reply.content[0].text
        """,
    ),
    "a talk that somebody has to have cleared": (
        ["SKF303"],
        """
        import asyncio

        talk = []

        async def answer(update):
            if update.text == "/new":
                return begin_anew()
            talk.append({"role": "user", "content": update.text})
            reply = client.messages.create(model=MODEL, max_tokens=900, messages=talk)
            talk.append({"role": "assistant", "content": reply.content})
            await update.reply_text(reply.content[0].text)

        def begin_anew():
            talk.clear()

        async def main(application, commands):
            application.add_handler(MessageHandler(filters.TEXT, answer))
            while True:
                if commands.get() == "/new":
                    begin_anew()
                await asyncio.sleep(30)
        """,
    ),
    "a store of the program's own that hands out the talk itself": (
        ["SKF303"],
        """
        from aiogram import Router

        router = Router()

        class Memory:
            def __init__(self):
                self._talks = {}

            def get(self, chat):
                return self._talks.setdefault(chat, [])

        memory = Memory()

        @router.message()
        async def answer(message):
            history = memory.get(message.chat.id)
            history.append({"role": "user", "content": message.text})
            reply = client.messages.create(model=MODEL, max_tokens=900, messages=history)
            history.append({"role": "assistant", "content": reply.content})
            await message.answer(reply.content[0].text)
        """,
    ),
    "a session of which each message is cut, told in one text": (
        ["SKF303"],
        """
        import streamlit as st

        if "talk" not in st.session_state:
            st.session_state.talk = []

        def tell(question, earlier):
            told = "\\n".join(f"{each['role']}: {each['content'][:300]}" for each in earlier)
            messages = [{"role": "user", "content": f"{told}\\n{question}"}]
            return client.messages.create(model=MODEL, max_tokens=900, messages=messages)

        if words := st.chat_input():
            st.session_state.talk.append({"role": "user", "content": words})
            reply = tell(words, st.session_state.talk[:-1])
            st.session_state.talk.append({"role": "assistant", "content": reply.content[0].text})
        """,
    ),
    "a session whose status is shown, whatever it is": (
        ["SKF303"],
        """
        import streamlit as st

        def turn(words):
            st.session_state.talk.append({"role": "user", "content": words})
            reply = client.messages.create(
                model=MODEL, max_tokens=900, messages=st.session_state.talk
            )
            st.session_state.talk.append({"role": "assistant", "content": reply.content})
            answer = json.loads(reply.content[0].text)
            if answer.get("status") == "thinking":
                st.session_state.status = "thinking"

        if st.session_state.status == "thinking":
            st.write("A moment.")
        if words := st.chat_input():
            turn(words)
        """,
    ),
    "what somebody said, written into one text": (
        ["SKF303"],
        """
        import telebot

        bot = telebot.TeleBot("token")
        said = {}

        def told(lines):
            text = "\\n".join(lines)
            reply = client.messages.create(
                model=MODEL, max_tokens=9, messages=[{"role": "user", "content": text}]
            )
            return reply.content[0].text

        @bot.message_handler(func=lambda message: True)
        def answer(message):
            said.setdefault(message.chat.id, []).append(message.text)
            bot.reply_to(message, told(said[message.chat.id]))
        """,
    ),
    "pictures of one message that are forgotten, in a list of messages that is not": (
        ["SKF303"],
        """
        import telebot

        bot = telebot.TeleBot("token")
        talk = []
        pictures = {}

        def read(chat):
            content = []
            for picture in pictures[chat]:
                content.append({"type": "image", "source": picture})
            talk.append({"role": "user", "content": content})
            reply = client.messages.create(model=MODEL, max_tokens=9, messages=talk)
            talk.append({"role": "assistant", "content": reply.content})
            return reply.content[0].text

        @bot.message_handler(content_types=["photo"])
        def photo(message):
            pictures.setdefault(message.chat.id, []).append(message.photo)
            if len(pictures[message.chat.id]) > 3:
                bot.reply_to(message, read(message.chat.id))
                pictures[message.chat.id] = []
        """,
    ),
    "a list next to a chat, with a document in front": (
        ["SKF303"],
        """
        def ask(history, question):
            history.append({"role": "user", "content": question})
            with client.messages.stream(model=MODEL, max_tokens=9, messages=history) as stream:
                final = stream.get_final_message()
            history.append({"role": "assistant", "content": final.content})
            return final.content[0].text

        def main():
            history = []
            while True:
                question = input("> ")
                if question == "reset":
                    history.clear()
                    continue
                print(ask(history, question))
        """,
    ),
    "a global of a chat, and the tool loop in it": (
        ["SKF303", "SKF801"],
        """
        conversation = []

        def turn(text):
            conversation.append({"role": "user", "content": text})
            while True:
                reply = client.messages.create(
                    model=MODEL, max_tokens=9, tools=TOOLS, messages=conversation
                )
                conversation.append({"role": "assistant", "content": reply.content})
                calls = [b for b in reply.content if b.type == "tool_use"]
                if not calls:
                    break
                results = []
                for call in calls:
                    if call.name == "confirm":
                        if input("Really? ") != "y":
                            continue
                    results.append({"type": "tool_result", "tool_use_id": call.id,
                                    "content": perform(call)})
                conversation.append({"role": "user", "content": results})

        def main():
            while True:
                turn(input("> "))
        """,
    ),
    "rounds for a tool of the server and one of the program": (
        ["SKF801"],
        """
        FOUND = [
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 3},
            {"name": "read", "description": "Reads a letter.", "input_schema": {"type": "object"}},
        ]

        def look_up(question):
            messages = [{"role": "user", "content": question}]
            reply = client.messages.create(
                model=MODEL, max_tokens=900, tools=FOUND, messages=messages
            )
            while reply.stop_reason == "tool_use":
                messages.append({"role": "assistant", "content": reply.content})
                results = [perform(each) for each in reply.content if each.type == "tool_use"]
                messages.append({"role": "user", "content": results})
                reply = client.messages.create(
                    model=MODEL, max_tokens=900, tools=FOUND, messages=messages
                )
            return reply

        while True:
            print(look_up(input("> ")))
        """,
    ),
    "a screen loop whose old pictures alone are taken out": (
        ["SKF801"],
        """
        async def loop(messages, keep_images=None):
            while True:
                if keep_images:
                    drop_images(messages, keep_images)
                raw = client.messages.with_raw_response.create(
                    model=MODEL, max_tokens=9, tools=TOOLS, messages=messages
                )
                response = raw.parse()
                messages.append({"role": "assistant", "content": response.content})
                results = []
                for block in response.content:
                    if block.type == "tool_use":
                        results.append(await perform(block))
                if not results:
                    return messages
                messages.append({"content": results, "role": "user"})

        def drop_images(messages, keep):
            for message in messages:
                message["content"] = [b for b in message["content"] if b["type"] != "image"]
        """,
    ),
    "a helper that grows an attribute": (
        ["SKF303"],
        """
        class Guide:
            def __init__(self):
                self.messages = []

            def _add(self, role, text):
                self.messages = self.messages + [{"role": role, "content": text}]

            def answer(self, text):
                self._add("user", text)
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=self.messages)
                self._add("assistant", reply.content[0].text)
                return reply.content[0].text

        def main():
            guide = Guide()
            while True:
                print(guide.answer(input("> ")))
        """,
    ),
    "a window in an argument": (
        ["SKF301"],
        """
        class Line:
            def __init__(self):
                self.log = []

            def answer(self, text):
                self.log.append({"role": "user", "content": text})
                reply = client.messages.create(
                    model=MODEL, max_tokens=9, messages=self.log[-12:],
                    cache_control={"type": "ephemeral"},
                )
                self.log.append({"role": "assistant", "content": reply.content[0].text})
                return reply.content[0].text

        def main():
            line = Line()
            while True:
                print(line.answer(input("> ")))
        """,
    ),
    "a handler that refuses those who ask too often in a day": (
        ["SKF303"],
        """
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        counters = {}
        today = {}

        @app.post("/counter/{who}")
        async def counter(who: str, words: str):
            if today[who] >= 40:
                raise HTTPException(429, "Come back tomorrow.")
            today[who] += 1
            told = counters.setdefault(who, [])
            if len(told) > 60:
                print("long", who)
            told.append({"role": "user", "content": words})
            reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
            told.append({"role": "assistant", "content": reply.content[0].text})
            return reply.content[0].text
        """,
    ),
    "a chat that is sent by a function that a wrapper runs": (
        ["SKF303"],
        """
        from .patience import patiently

        class Talk:
            def __init__(self):
                self.told = []

            def answer(self, words):
                self.told.append({"role": "user", "content": words})

                def send():
                    return client.messages.create(model=MODEL, max_tokens=9, messages=self.told)

                reply = patiently(send)
                self.told.append({"role": "assistant", "content": reply.content[0].text})
                return reply

        def main():
            talk = Talk()
            while True:
                print(talk.answer(input("> ")))
        """,
    ),
    "a chat that asks before it goes": (
        ["SKF303"],
        """
        def main():
            told = []
            while True:
                words = input("> ")
                if words == "quit":
                    break
                told.append({"role": "user", "content": words})
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
                told.append({"role": "assistant", "content": reply.content[0].text})
                again = input("Another one? ")
                if again != "y":
                    break
        """,
    ),
}

SILENT = {
    "what the store has already is left out of what is added": """
        import json
        from pathlib import Path

        from fastapi import FastAPI

        app = FastAPI()

        def joined(stored, sent):
            both = list(stored)
            overlap = 0
            for size in range(min(len(stored), len(sent)), 0, -1):
                if stored[-size:] == sent[:size]:
                    overlap = size
                    break
            both.extend(sent[overlap:])
            return both

        @app.post("/ask/{talk}")
        def ask(talk: str, sent: list[dict]):
            kept = Path(f"{talk}.json")
            messages = joined(json.loads(kept.read_text("utf-8")), sent)[-200:-1]
            reply = client.messages.create(
                model=MODEL,
                max_tokens=900,
                messages=messages,
                cache_control={"type": "ephemeral"},
            )
            return reply.content[0].text
        """,
    "words from outside that wait in a queue until the task takes them": """
        import threading

        from fastapi import APIRouter

        router = APIRouter()

        class Hints:
            def __init__(self):
                self._lock = threading.Lock()
                self._waiting = []

            def push(self, text):
                with self._lock:
                    self._waiting.append(text)

            def take(self):
                with self._lock:
                    taken = self._waiting
                    self._waiting = []
                return taken

        class Task:
            def __init__(self, hints: Hints | None = None):
                self.hints = hints
                self.messages = []

            def run(self, goal, most=20):
                self.messages.append({"role": "user", "content": goal})
                for turn in range(most):
                    if self.hints is not None:
                        for hint in self.hints.take():
                            self.messages.append({"role": "user", "content": hint})
                    reply = self.ask()
                    self.messages.append({"role": "assistant", "content": reply.content})
                    if reply.stop_reason != "tool_use":
                        return reply
                    results = [perform(each) for each in reply.content]
                    self.messages.append({"role": "user", "content": results})

            def ask(self):
                return client.messages.create(
                    model=MODEL, max_tokens=900, tools=TOOLS, messages=self.messages
                )

        @router.post("/plans")
        def plan(goal):
            return Task().run(goal)
        """,
    "a talk that a job clears in the evening": """
        import asyncio

        talk = []

        async def answer(update):
            talk.append({"role": "user", "content": update.text})
            reply = client.messages.create(model=MODEL, max_tokens=900, messages=talk)
            talk.append({"role": "assistant", "content": reply.content})
            await update.reply_text(reply.content[0].text)

        async def tell_of_the_day():
            perform(str(talk))
            talk.clear()

        async def main(application, clock):
            application.add_handler(MessageHandler(filters.TEXT, answer))
            while True:
                if clock.due() == "evening":
                    asyncio.create_task(tell_of_the_day())
                await asyncio.sleep(30)
        """,
    "a talk that another class puts a shorter one in the place of": """
        class Session:
            def __init__(self):
                self.messages = []

            def add(self, role, content):
                self.messages.append({"role": role, "content": content})

            def set_messages(self, messages):
                self.messages = []
                for each in messages:
                    self.messages.append({"role": each["role"], "content": each["content"]})

        class Keeper:
            def should_tidy(self, session: Session):
                return sum(len(str(each)) for each in session.messages) > 75_000

            def tidy(self, session: Session):
                latest = session.messages[-3:]
                told = {"role": "user", "content": perform(session.messages[:-3])}
                session.set_messages([told] + [each for each in latest])

        class Desk:
            def __init__(self):
                self.session = Session()
                self.keeper = Keeper()

            def answer(self, text):
                self.session.add("user", text)
                reply = client.messages.create(
                    model=MODEL, max_tokens=900, tools=TOOLS, messages=self.session.messages
                )
                self.session.add("assistant", reply.content)
                if self.keeper.should_tidy(self.session):
                    self.keeper.tidy(self.session)
                return reply

        desk = Desk()
        while True:
            print(desk.answer(input("> ")))
        """,
    "a store of the program's own that hands out copies": """
        from aiogram import Router

        router = Router()

        class Memory:
            def __init__(self, most=20):
                self._talks = {}
                self._most = most

            def get(self, chat):
                return list(self._talks.get(chat, []))

            def append(self, chat, role, content):
                talk = self._talks.setdefault(chat, [])
                talk.append({"role": role, "content": content})
                if len(talk) > self._most:
                    del talk[: self._most // 2]

        memory = Memory()

        @router.message()
        async def answer(message):
            history = memory.get(message.chat.id)
            history.append({"role": "user", "content": message.text})
            reply = client.messages.create(model=MODEL, max_tokens=900, messages=history)
            memory.append(message.chat.id, "user", message.text)
            memory.append(message.chat.id, "assistant", reply.content)
            await message.answer(reply.content[0].text)
        """,
    "rounds for a tool that only the server runs": """
        def look_up(question):
            messages = [{"role": "user", "content": question}]
            found = [{"type": "web_search_20250305", "name": "web_search", "max_uses": 3}]
            reply = client.messages.create(
                model=MODEL, max_tokens=900, tools=found, messages=messages
            )
            while reply.stop_reason == "tool_use":
                messages.append({"role": "assistant", "content": reply.content})
                results = [perform(each) for each in reply.content if each.type == "tool_use"]
                messages.append({"role": "user", "content": results})
                reply = client.messages.create(
                    model=MODEL, max_tokens=900, tools=found, messages=messages
                )
            return reply

        while True:
            print(look_up(input("> ")))
        """,
    "a session of which a helper tells the last few, as a copy": """
        import streamlit as st

        if "talk" not in st.session_state:
            st.session_state.talk = []

        def tell(question, earlier):
            told = "\\n".join(f"{each['role']}: {each['content']}" for each in earlier[-6:])
            messages = [{"role": "user", "content": f"{told}\\n{question}"}]
            return client.messages.create(model=MODEL, max_tokens=900, messages=messages)

        if words := st.chat_input():
            st.session_state.talk.append({"role": "user", "content": words})
            reply = tell(words, st.session_state.talk[:-1])
            st.session_state.talk.append({"role": "assistant", "content": reply.content[0].text})
    """,
    "a session of which a helper tells the last few": """
        import streamlit as st

        if "talk" not in st.session_state:
            st.session_state.talk = []

        def tell(question, earlier):
            told = "\\n".join(f"{each['role']}: {each['content']}" for each in earlier[-6:])
            messages = [{"role": "user", "content": f"{told}\\n{question}"}]
            return client.messages.create(model=MODEL, max_tokens=900, messages=messages)

        if words := st.chat_input():
            st.session_state.talk.append({"role": "user", "content": words})
            reply = tell(words, st.session_state.talk)
            st.session_state.talk.append({"role": "assistant", "content": reply.content[0].text})
    """,
    "an interview in a session, until the reply says that all is there": """
        import streamlit as st

        def turn(words):
            st.session_state.talk.append({"role": "user", "content": words})
            reply = client.messages.create(
                model=MODEL, max_tokens=900, messages=st.session_state.talk
            )
            st.session_state.talk.append({"role": "assistant", "content": reply.content})
            answer = json.loads(reply.content[0].text)
            if answer.get("status") == "complete":
                st.session_state.status = "complete"

        if st.session_state.status == "complete":
            st.write("Thank you.")
        elif words := st.chat_input():
            turn(words)
        """,
    "what somebody said, of which a store keeps the last lines, written into one text": """
        import telebot

        bot = telebot.TeleBot("token")
        said = {}

        def told(lines):
            text = "\\n".join(lines)
            reply = client.messages.create(
                model=MODEL, max_tokens=9, messages=[{"role": "user", "content": text}]
            )
            return reply.content[0].text

        @bot.message_handler(func=lambda message: True)
        def answer(message):
            said.setdefault(message.chat.id, []).append(message.text)
            said[message.chat.id] = said[message.chat.id][-5:]
            bot.reply_to(message, told(said[message.chat.id]))
        """,
    "a class for chats whose callers are elsewhere": """
        class Pilot:
            def __init__(self):
                self.told = []

            def ask(self, question):
                self.told.append({"role": "user", "content": question})
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=self.told)
                self.told.append({"role": "assistant", "content": reply.content[0].text})
                return reply.content[0].text
        """,
    "begun anew for each message, in one branch and in the other": """
        from fastapi import FastAPI

        app = FastAPI()

        class Desk:
            def __init__(self):
                self.told = []

            def answer(self, words, before):
                if before:
                    self.told = [*before, {"role": "user", "content": words}]
                else:
                    self.told = [{"role": "user", "content": words}]
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=self.told)
                self.told.append({"role": "assistant", "content": reply.content})
                return reply.content[0].text

        desk = Desk()

        @app.post("/ask")
        async def ask(words: str, before: list):
            return desk.answer(words, before)
        """,
    "a summary that takes its place when the context is full": """
        class Agent:
            def __init__(self):
                self.messages = []

            def answer(self, text):
                self.messages.append({"role": "user", "content": text})
                try:
                    reply = self.send()
                except anthropic.BadRequestError:
                    self.compact()
                    reply = self.send()
                self.messages.append({"role": "assistant", "content": reply.content[0].text})
                return reply

            def send(self):
                return client.messages.create(model=MODEL, max_tokens=9, messages=self.messages)

            def compact(self):
                asked = self.messages + [{"role": "user", "content": "Sum it up."}]
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=asked)
                summary = reply.content[0].text
                self.messages = [{"role": "user", "content": summary}]

        def main():
            agent = Agent()
            while True:
                agent.answer(input("> "))
        """,
    "a window that is cut in steps": """
        class Line:
            def __init__(self):
                self.log = []

            def answer(self, text):
                self.log.append({"role": "user", "content": text})
                reply = client.messages.create(
                    model=MODEL, max_tokens=9, messages=self.log[len(self.log) // 16 * 16 - 16 :],
                    cache_control={"type": "ephemeral"},
                )
                self.log.append({"role": "assistant", "content": reply.content[0].text})
                return reply.content[0].text

        def main():
            line = Line()
            while True:
                print(line.answer(input("> ")))
        """,
    "the content of one message, put together in a helper": """
        def content(text, files):
            parts = []
            for file in files:
                parts.append({"type": "text", "text": file})
            parts.append({"type": "text", "text": text})
            return parts

        class Writer:
            def write(self, text, files):
                made = content(text, files)
                return client.messages.create(
                    model=MODEL, max_tokens=9, messages=[{"role": "user", "content": made}]
                )
        """,
    "trimmed where a small class adds": """
        class Memory:
            def __init__(self, most=20):
                self.messages = []
                self.most = most

            def add(self, role, text):
                self.messages.append({"role": role, "content": text})
                if len(self.messages) > self.most:
                    self.messages = self.messages[-self.most:]

        class Bot:
            def __init__(self):
                self.memory = Memory()

            def answer(self, text):
                self.memory.add("user", text)
                reply = client.messages.create(
                    model=MODEL, max_tokens=9, messages=self.memory.messages
                )
                self.memory.add("assistant", reply.content[0].text)
                return reply

        def main():
            bot = Bot()
            while True:
                bot.answer(input("> "))
        """,
    "a runner that its reader leaves": """
        def work(task, most):
            runner = client.beta.messages.tool_runner(
                model=MODEL, max_tokens=9, tools=TOOLS,
                messages=[{"role": "user", "content": task}],
            )
            steps = 0
            for message in runner:
                steps += 1
                if steps >= most:
                    break
        """,
    "an agent that is made anew for each task": """
        class Agent:
            def __init__(self):
                self.messages = []

            def run(self, task):
                self.messages.append({"role": "user", "content": task})
                for _ in range(9):
                    reply = client.messages.create(
                        model=MODEL, max_tokens=9, tools=TOOLS, messages=self.messages
                    )
                    self.messages.append({"role": "assistant", "content": reply.content})
                    if reply.stop_reason != "tool_use":
                        return reply
                    self.messages.append({"role": "user", "content": perform(reply)})

        def main(tasks):
            for task in tasks:
                Agent().run(task)
        """,
    "an unfinished turn that is taken back": """
        def answer(messages, text):
            began = len(messages)
            messages.append({"role": "user", "content": text})
            try:
                reply = client.messages.create(
                    model=MODEL, max_tokens=9, messages=messages,
                    cache_control={"type": "ephemeral"},
                )
                messages.append({"role": "assistant", "content": reply.content})
                return True
            except anthropic.APIError:
                del messages[began:]
                return False

        def main():
            messages = []
            while True:
                if len(messages) > 80:
                    messages[:] = summarize(messages)
                answer(messages, input("> "))

        def summarize(messages):
            reply = client.messages.create(
                model=MODEL, max_tokens=9,
                messages=[*messages, {"role": "user", "content": "Sum it up."}],
            )
            return [{"role": "user", "content": reply.content[0].text}]
        """,
    "a log that is read back piece by piece": """
        import re

        def read(log):
            messages = []
            found = list(re.finditer("--- (USER|ASSISTANT) ---", log))
            for at, match in enumerate(found):
                end = found[at + 1].start() if at + 1 < len(found) else len(log)
                text = log[match.end():end].strip()
                messages.append({"role": match.group(1).lower(), "content": text})
            return messages

        def go_on(path, most=9):
            messages = read(open(path).read())
            for _ in range(most):
                messages.append({"role": "user", "content": input("> ")})
                reply = client.messages.create(
                    model=MODEL, max_tokens=9, messages=messages,
                    cache_control={"type": "ephemeral"},
                )
                messages.append({"role": "assistant", "content": reply.content})
        """,
    "a conversation that is only measured": """
        class Talk:
            def __init__(self):
                self.messages = []

            def size(self):
                return client.messages.count_tokens(model=MODEL, messages=self.messages)

            def keep(self, role, text):
                self.messages.append({"role": role, "content": text})

        def main():
            talk = Talk()
            while True:
                talk.keep("user", input("> "))
                print(talk.size())
        """,
    "a reply that is sent again while it is cut": """
        def whole(messages):
            reply = client.messages.create(
                model=MODEL, max_tokens=9, tools=TOOLS, messages=messages
            )
            while reply.stop_reason == "max_tokens":
                messages.append({"role": "assistant", "content": reply.content})
                reply = client.messages.create(
                    model=MODEL, max_tokens=9, tools=TOOLS, messages=messages
                )
            return reply
        """,
    "a handler that refuses what is too long": """
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        counters = {}
        MOST = 40

        @app.post("/counter/{who}")
        async def counter(who: str, words: str):
            told = counters.setdefault(who, [])
            if len(told) >= MOST:
                raise HTTPException(409, "Please begin anew.")
            told.append({"role": "user", "content": words})
            reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
            told.append({"role": "assistant", "content": reply.content[0].text})
            return reply.content[0].text
        """,
    "a method that asks for room first": """
        class Pilot:
            MOST = 30

            def __init__(self):
                self.told = []

            def _ensure_room(self, told):
                if len(told) >= self.MOST:
                    raise RuntimeError("Please begin anew.")

            def ask(self, question):
                self._ensure_room(self.told)
                self.told.append({"role": "user", "content": question})
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=self.told)
                self.told.append({"role": "assistant", "content": reply.content[0].text})
                return reply.content[0].text
        """,
    "a booking that is complete at some time": """
        def book():
            known = {"day": None, "guests": None}
            told = []
            while not all(known.values()):
                told.append({"role": "user", "content": input("> ")})
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
                told.append({"role": "assistant", "content": reply.content[0].text})
                known.update(perform(reply))
            return known
        """,
    "notes that are collected, and sent once they are complete": """
        from telegram.ext import MessageHandler

        drafts = {}

        async def on_message(update, context):
            notes = drafts.setdefault(update.effective_user.id, [])
            text = update.message.text
            if text == "done":
                written = "\\n".join(notes)
                reply = client.messages.create(
                    model=MODEL, max_tokens=9,
                    messages=[{"role": "user", "content": "Sum up: " + written}],
                )
                await update.message.reply_text(reply.content[0].text)
                return
            notes.append(text)

        MessageHandler(None, on_message)
        """,
    "three notes that are sent and forgotten": """
        from telegram.ext import MessageHandler

        drafts = {}

        async def on_message(update, context):
            notes = drafts.setdefault(update.effective_user.id, [])
            notes.append(update.message.text)
            if len(notes) < 3:
                await update.message.reply_text("And then?")
                return
            reply = client.messages.create(
                model=MODEL, max_tokens=9,
                messages=[{"role": "user", "content": "\\n".join(notes)}],
            )
            await update.message.reply_text(reply.content[0].text)
            drafts.pop(update.effective_user.id)

        MessageHandler(None, on_message)
        """,
    "results that are taken out of older messages": """
        def shorten(messages):
            for message in messages[:-4]:
                if isinstance(message["content"], list):
                    for block in message["content"]:
                        if block.get("type") == "tool_result":
                            block["content"] = "[taken out]"

        def main():
            told = []
            while True:
                told.append({"role": "user", "content": input("> ")})
                shorten(told)
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
                told.append({"role": "assistant", "content": reply.content})
        """,
    "a chat that forgets after every ten questions": """
        def main():
            told, asked = [], 0
            while True:
                if asked % 10 == 0:
                    told = []
                asked += 1
                told.append({"role": "user", "content": input("> ")})
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
                told.append({"role": "assistant", "content": reply.content})
        """,
    "an interview that is complete at some time": """
        import streamlit as st

        if "told" not in st.session_state:
            st.session_state.told = []
            st.session_state.stage = "asking"

        def turn(words):
            st.session_state.told.append({"role": "user", "content": words})
            reply = client.messages.create(
                model=MODEL, max_tokens=9, messages=st.session_state.told
            )
            st.session_state.told.append({"role": "assistant", "content": reply.content[0].text})
            if "COMPLETE" in reply.content[0].text:
                st.session_state.stage = "complete"

        if st.session_state.stage == "complete":
            st.success("Thank you.")
        elif words := st.chat_input():
            turn(words)
        """,
    "a page that stops after so many questions": """
        import streamlit as st

        if "told" not in st.session_state:
            st.session_state.told = []
            st.session_state.asked = 0
        if st.session_state.asked >= 12:
            st.warning("That was the last question.")
            st.stop()
        if words := st.chat_input():
            st.session_state.told.append({"role": "user", "content": words})
            reply = client.messages.create(
                model=MODEL, max_tokens=9, messages=st.session_state.told
            )
            st.session_state.told.append({"role": "assistant", "content": reply.content[0].text})
            st.session_state.asked += 1
        """,
    "a page that asks while it is short": """
        import streamlit as st

        if "told" not in st.session_state:
            st.session_state.told = []
        if len(st.session_state.told) < 24:
            if words := st.chat_input():
                st.session_state.told.append({"role": "user", "content": words})
                reply = client.messages.create(
                    model=MODEL, max_tokens=9, messages=st.session_state.told
                )
                st.session_state.told.append({"role": "assistant", "content": reply.content})
        else:
            st.info("That was the last question.")
        """,
    "an interview with so many fields": """
        FIELDS = ["name", "town", "trade"]

        def interview():
            told = [{"role": "user", "content": "Begin."}]
            given = {}
            while len(given) < len(FIELDS):
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
                told.append({"role": "assistant", "content": reply.content[0].text})
                given[FIELDS[len(given)]] = words = input("> ")
                told.append({"role": "user", "content": words})
            return given
        """,
    "a draft that is changed until somebody accepts it": """
        def draft(order):
            told = [{"role": "user", "content": order}]
            while True:
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
                print(reply.content[0].text)
                verdict = input("Take it? (y, or what to change) ")
                if verdict.strip().lower() in ("y", "yes"):
                    return reply.content[0].text
                told.append({"role": "assistant", "content": reply.content[0].text})
                told.append({"role": "user", "content": verdict})
        """,
    "the newest that fit into a budget, put together by hand": """
        class Line:
            def __init__(self):
                self.log = []

            def newest(self):
                kept, size = [], 0
                for message in reversed(self.log):
                    size += len(message["content"])
                    if size > 20_000:
                        break
                    kept.insert(0, message)
                return kept

            def answer(self, text):
                self.log.append({"role": "user", "content": text})
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=self.newest())
                self.log.append({"role": "assistant", "content": reply.content[0].text})
                return reply.content[0].text

        def main():
            line = Line()
            while True:
                print(line.answer(input("> ")))
        """,
    "a script of three questions": """
        told = []

        def ask(words):
            told.append({"role": "user", "content": words})
            reply = client.messages.create(model=MODEL, max_tokens=9, messages=told)
            told.append({"role": "assistant", "content": reply.content[0].text})
            return reply.content[0].text

        print(ask("Which boats are in?"))
        print(ask("And which of them is the oldest?"))
        print(ask("Who sails her?"))
        """,
    "a class that is only tried out": """
        class Pilot:
            def __init__(self):
                self.told = []

            def ask(self, words):
                self.told.append({"role": "user", "content": words})
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=self.told)
                self.told.append({"role": "assistant", "content": reply.content[0].text})
                return reply.content[0].text

        if __name__ == "__main__":
            pilot = Pilot()
            print(pilot.ask("Which boats are in?"))
            print(pilot.ask("And which of them is the oldest?"))
        """,
    "three steps over one document": """
        class Review:
            def __init__(self, document):
                self.document = document
                self.told = []

            def _ask(self, words):
                self.told.append({"role": "user", "content": words})
                reply = client.messages.create(model=MODEL, max_tokens=9, messages=self.told)
                self.told.append({"role": "assistant", "content": reply.content[0].text})
                return reply.content[0].text

            def run(self):
                self._ask("Read this: " + self.document)
                self._ask("Now find what is wrong with it.")
                return self._ask("Now write it anew.")
        """,
    "a list begun anew for each case, sent by a function that a wrapper runs": """
        from .patience import patiently

        class Reasoner:
            async def step(self, messages):
                async def send():
                    return await anthropic.AsyncAnthropic().messages.create(
                        model=MODEL, max_tokens=9, tools=TOOLS, messages=messages
                    )

                return await patiently(send)

        class Inquiry:
            def __init__(self, reasoner: Reasoner):
                self.reasoner = reasoner
                self._messages = []

            async def inquire(self, case):
                self._messages = [{"role": "user", "content": case}]
                left = 15
                while True:
                    step = await self.reasoner.step(self._messages)
                    if step.stop_reason == "end_turn" or left == 0:
                        return step
                    left -= 1
                    self._messages.append({"role": "user", "content": perform(step)})
        """,
    "pictures of a tour, the last of which is taken out": """
        class Tour:
            def __init__(self):
                self.messages = []
                self._greet()

            def _greet(self):
                self.messages.append({"role": "user", "content": "Welcome them."})

            def show(self, picture):
                for at in reversed(range(len(self.messages))):
                    if isinstance(self.messages[at]["content"], list):
                        self.messages.pop(at)
                        break
                self.messages.append({"role": "user", "content": [picture]})
                return client.messages.create(model=MODEL, max_tokens=9, messages=self.messages)
        """,
}


#: Nothing is added to them but what somebody types on a terminal or page, and the replies.
TYPED = (
    "a session of which each message is cut, told in one text",
    "a session whose status is shown, whatever it is",
    "a list next to a chat, with a document in front",
    "a helper that grows an attribute",
    "a chat that asks before it goes",
)


@pytest.mark.parametrize("name", REPORTED)
def test_reported(name: str) -> None:
    rules, body = REPORTED[name]
    found = findings(body, preview=name in TYPED)
    assert sorted(each.rule.id for each in found) == rules


@pytest.mark.parametrize("name", TYPED)
def test_what_is_only_typed_is_told_in_preview(name: str) -> None:
    _, body = REPORTED[name]
    assert findings(body) == []
    with_tools = body.replace("max_tokens=9,", "max_tokens=9, tools=TOOLS,")
    with_tools = with_tools.replace("max_tokens=900,", "max_tokens=900, tools=TOOLS,")
    assert [each.rule.id for each in findings(with_tools)] == ["SKF303"]


@pytest.mark.parametrize("name", SILENT)
def test_silent(name: str) -> None:
    assert findings(SILENT[name]) == []


@pytest.mark.parametrize(("name", "reported"), [("agent.py", True), ("agent.ipynb", False)])
def test_whole_files_in_a_notebook_are_chosen_by_who_runs_it(name: str, reported: bool) -> None:
    code = WholeResultInHistory.examples[0].bad
    assert code is not None
    if name.endswith(".ipynb"):
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        cells = [{**cell, "source": code.splitlines(keepends=True)}]
        code = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    result = engine.check(
        [from_bytes(name, code.encode())],
        [WholeResultInHistory()],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 22)),
    )
    assert result.problems == ()
    assert bool(result.findings) is reported


def test_rounds_with_messages_of_their_own_send_no_earlier_ones() -> None:
    kept = """
        def answer(question):
            messages = [{"role": "user", "content": question}]
            reply = ask(messages)
            while reply.stop_reason == "tool_use":
                said = {"role": "assistant", "content": reply.content}
                messages = KEPT + [said, {"role": "user", "content": results(reply)}]
                reply = ask(messages)
            return reply

        def ask(messages):
            return client.messages.create(
                model=MODEL, max_tokens=9, tools=TOOLS, messages=messages
            )

        print(answer(input("> ")))
        """
    own = kept.replace("KEPT", '[{"role": "user", "content": question}]')
    (grows,) = findings(kept.replace("KEPT", "messages"))
    assert "each round sends all earlier ones again" in grows.message
    (rebuilt,) = findings(own)
    assert "each round is another request" in rebuilt.message
