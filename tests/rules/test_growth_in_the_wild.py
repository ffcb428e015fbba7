"""Conversations and loops of real applications, written anew: what is reported, what is not."""

from __future__ import annotations

import datetime
from textwrap import dedent

import pytest

from skinflint.linter import config, engine
from skinflint.linter.findings import Finding
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.sliding_window import SlidingWindow
from skinflint.rules.unbounded_history import UnboundedHistory
from skinflint.rules.uncapped_tool_loop import UncappedToolLoop

HEAD = """\
import anthropic

from .tools import TOOLS, perform

client = anthropic.Anthropic()
MODEL = "claude-sonnet-5-5"
"""


def findings(body: str) -> list[Finding]:
    """What the rules about growth say about a module that begins like all others."""
    result = engine.check(
        [from_bytes("app.py", (HEAD + dedent(body)).encode())],
        [SlidingWindow(), UnboundedHistory(), UncappedToolLoop()],
        config.load(None, None, isolated=True),
        Context(as_of=datetime.date(2026, 11, 22)),
    )
    assert result.problems == ()
    return list(result.findings)


REPORTED = {
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
}

SILENT = {
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
}


@pytest.mark.parametrize("name", REPORTED)
def test_reported(name: str) -> None:
    rules, body = REPORTED[name]
    assert sorted(found.rule.id for found in findings(body)) == rules


@pytest.mark.parametrize("name", SILENT)
def test_silent(name: str) -> None:
    assert findings(SILENT[name]) == []
