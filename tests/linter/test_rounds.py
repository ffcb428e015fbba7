"""What ends a loop of tools: the model alone, or something else too."""

from __future__ import annotations

import textwrap

import pytest

from skinflint.linter.config import Settings
from skinflint.linter.project import Project
from skinflint.linter.request import Request, Rounds
from skinflint.linter.source import from_bytes

HEAD = """\
import asyncio
import time

import anthropic

from yard.tools import TOOLS, perform

client = anthropic.Anthropic()


def results_of(reply):
    return [
        {"type": "tool_result", "tool_use_id": b.id, "content": perform(b)}
        for b in reply.content
        if b.type == "tool_use"
    ]


def ask(messages):
    return client.messages.create(
        model="claude-opus-5-5", max_tokens=900, tools=TOOLS, messages=messages
    )


"""

SEND = """\
client.messages.create(
            model="claude-opus-5-5", max_tokens=900, tools=TOOLS, messages=messages
        )"""


def requests(body: str) -> tuple[Request, ...]:
    text = HEAD + textwrap.dedent(body).replace("SEND", SEND)
    return Project(Settings()).requests(from_bytes("app.py", text.encode()))


def rounds(body: str) -> Rounds | None:
    """The loop around the one request that is sent in a loop of tools, if there is one."""
    found = {request.rounds for request in requests(body) if request.rounds is not None}
    assert len(found) <= 1
    return found.pop() if found else None


def agent(body: str, head: str = "def work(messages, stop=None, budget=None):") -> str:
    """A function with a loop of these lines."""
    return f"{head}\n" + textwrap.indent(textwrap.dedent(body), "    ")


#: Loops that the model alone ends.
ALONE = {
    "stop_reason returned": """
        while True:
            reply = SEND
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "condition on the reply": """
        reply = SEND
        while reply.stop_reason == "tool_use":
            messages.append({"role": "assistant", "content": reply.content})
            messages.append({"role": "user", "content": results_of(reply)})
            reply = SEND
        return reply
    """,
    "continue, then an end": """
        while 1:
            reply = SEND
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason == "tool_use":
                messages.append({"role": "user", "content": results_of(reply)})
                continue
            break
    """,
    "no calls left": """
        while True:
            reply = SEND
            calls = [b for b in reply.content if b.type == "tool_use"]
            if not calls:
                break
            answers = []
            for call in calls:
                answers.append({"type": "tool_result", "content": perform(call)})
            messages += [{"role": "assistant", "content": reply.content}]
            messages += [{"role": "user", "content": answers}]
    """,
    "a flag set by the reply": """
        done = False
        while not done:
            reply = SEND
            done = True
            for block in reply.content:
                if block.type == "tool_use":
                    done = False
                    messages.append({"role": "user", "content": [perform(block)]})
    """,
    "a helper sends": """
        while True:
            reply = ask(messages)
            if not any(b.type == "tool_use" for b in reply.content):
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "errors are no end": """
        while True:
            try:
                reply = SEND
            except anthropic.APIError:
                return None
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "at least one call": """
        while True:
            reply = SEND
            calls = [b for b in reply.content if b.type == "tool_use"]
            if len(calls) < 1:
                break
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a person is asked about one tool": """
        while True:
            reply = SEND
            if reply.stop_reason != "tool_use":
                return reply
            for block in reply.content:
                if block.name == "delete":
                    if input("Delete? ") != "y":
                        continue
                messages.append({"role": "user", "content": [perform(block)]})
    """,
}

ALONE["a count that only logs"] = """
    turn = 0
    while True:
        turn += 1
        if turn == 1:
            print("first")
        reply = SEND
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            return reply
        messages.append({"role": "user", "content": results_of(reply)})
"""
#: Loops that something else may end.
LIMITED = {
    "a flag that the last round sets": """
        turn, done = 1, False
        while not done:
            reply = SEND
            messages.append({"role": "assistant", "content": reply.content})
            messages.append({"role": "user", "content": results_of(reply)})
            turn += 1
            done = reply.stop_reason != "tool_use" or turn == 100
    """,
    "what was asked for before is not done again": """
        before = set()
        while True:
            reply = SEND
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason != "tool_use":
                return reply
            if str(reply.content) in before:
                return None
            before.add(str(reply.content))
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a helper that counts": """
        steps = [0]

        def tick():
            steps[0] += 1
            if steps[0] > 30:
                raise RuntimeError("too many steps")

        while True:
            tick()
            reply = SEND
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a count in a condition": """
        turn = 0
        while turn < 20:
            reply = SEND
            turn += 1
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a count that takes the tools away": """
        turn = 0
        while True:
            turn += 1
            tools = TOOLS if turn < 9 else []
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=900, tools=tools, messages=messages
            )
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a clock": """
        start = time.monotonic()
        while True:
            reply = SEND
            if reply.stop_reason != "tool_use" or time.monotonic() - start > 60:
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a length": """
        while True:
            reply = SEND
            if reply.stop_reason != "tool_use":
                return reply
            if len(messages) > 60:
                raise RuntimeError("too long")
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a budget that raises": """
        while True:
            reply = SEND
            budget.charge(reply.usage)
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a budget that is asked": """
        while True:
            reply = SEND
            spent = budget.over(reply.usage)
            if reply.stop_reason != "tool_use" or spent:
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a flag from elsewhere": """
        while not stop.is_set():
            reply = SEND
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a flag asked on the way": """
        while True:
            reply = SEND
            if reply.stop_reason == "tool_use":
                if stop.is_set():
                    return None
                messages.append({"role": "user", "content": results_of(reply)})
            else:
                return reply
    """,
    "a person in each round": """
        while True:
            reply = SEND
            if reply.stop_reason != "tool_use":
                return reply
            if not confirm(reply):
                continue
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a person for each tool": """
        while True:
            reply = SEND
            if reply.stop_reason != "tool_use":
                return reply
            for block in reply.content:
                answer = input(f"Run {block.name}? ")
                messages.append({"role": "user", "content": [perform(block), answer]})
    """,
    "a clock around it": """
        with asyncio.timeout(60):
            while True:
                reply = SEND
                if reply.stop_reason != "tool_use":
                    return reply
                messages.append({"role": "user", "content": results_of(reply)})
    """,
    "a limit that is caught": """
        while True:
            try:
                reply = SEND
            except BudgetExceeded:
                return None
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
}

#: No loops of tools.
NONE = {
    "a fixed number": """
        for _ in range(20):
            reply = SEND
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({"role": "user", "content": results_of(reply)})
    """,
    "tried again after errors": """
        while True:
            try:
                reply = SEND
                break
            except anthropic.APIError:
                time.sleep(1)
        return [b for b in reply.content if b.type == "tool_use"]
    """,
    "without tools": """
        while True:
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=900, messages=messages
            )
            if reply.stop_reason != "max_tokens":
                return reply
            messages.append({"role": "assistant", "content": reply.content})
    """,
    "a reply that is cut": """
        reply = SEND
        while reply.stop_reason == "max_tokens":
            messages.append({"role": "assistant", "content": reply.content})
            reply = SEND
        return reply
    """,
    "a turn that is paused": """
        reply = SEND
        while True:
            if reply.stop_reason != "pause_turn":
                return reply
            messages.append({"role": "assistant", "content": reply.content})
            reply = SEND
    """,
    "until a tool is called": """
        while True:
            reply = SEND
            calls = [b for b in reply.content if b.type == "tool_use"]
            if calls:
                return calls
            if reply.stop_reason == "end_turn":
                messages.append({"role": "user", "content": "Call it."})
                continue
            raise ValueError(reply)
    """,
    "a queue of questions": """
        while True:
            job = messages.get()
            reply = client.messages.create(
                model="claude-opus-5-5",
                max_tokens=900,
                tools=TOOLS,
                messages=[{"role": "user", "content": str(job)}],
            )
            if reply.stop_reason != "tool_use":
                return reply
            perform(reply.content[0])
    """,
    "records": """
        for record in messages:
            reply = client.messages.create(
                model="claude-opus-5-5", max_tokens=900, tools=TOOLS, messages=[record]
            )
            perform(reply.content[0].tool_use)
    """,
}


@pytest.mark.parametrize("body", ALONE.values(), ids=ALONE)
def test_the_model_alone(body: str) -> None:
    found = rounds(agent(body))
    assert found is not None
    assert found.limits == ()
    assert found.certain
    assert found.ends
    assert found.how == "loop"


@pytest.mark.parametrize("body", LIMITED.values(), ids=LIMITED)
def test_something_else_may_end_it(body: str) -> None:
    found = rounds(agent(body))
    assert found is not None
    assert found.capped


@pytest.mark.parametrize("body", NONE.values(), ids=NONE)
def test_no_loop_of_tools(body: str) -> None:
    assert rounds(agent(body)) is None


def test_a_loop_in_the_caller() -> None:
    code = """
        def step(messages):
            reply = SEND
            messages.append({"role": "assistant", "content": reply.content})
            return reply

        def work(messages):
            while True:
                reply = step(messages)
                if reply.stop_reason != "tool_use":
                    return reply
                messages.append({"role": "user", "content": results_of(reply)})
    """
    found = rounds(code)
    assert found is not None
    assert found.certain
    assert not found.capped
    bounded = rounds(
        code.replace(
            "            return reply\n\n", "            if len(messages) > LIMIT: raise Full\n\n"
        )
    )
    assert bounded is not None
    assert not bounded.certain


def test_a_clock_at_the_caller() -> None:
    found = rounds(
        agent(ALONE["stop_reason returned"], "async def work(messages):")
        + """
async def main():
    return await asyncio.wait_for(work([]), timeout=120)
"""
    )
    assert found is not None
    assert found.capped


def test_a_clock_on_the_function() -> None:
    found = rounds(
        agent(ALONE["stop_reason returned"], "@task(soft_time_limit=60)\ndef work(messages):")
    )
    assert found is not None
    assert found.capped


def test_a_person_at_the_terminal_ends_no_round() -> None:
    """The loop inside a chat is one question's; the chat itself is no loop of tools."""
    found = rounds(
        """
        def chat():
            messages = []
            while True:
                messages.append({"role": "user", "content": input("> ")})
                while True:
                    reply = SEND
                    messages.append({"role": "assistant", "content": reply.content})
                    if reply.stop_reason != "tool_use":
                        break
                    messages.append({"role": "user", "content": results_of(reply)})
        """
    )
    assert found is not None
    assert not found.capped
    assert found.head.line > found.loop.line - 1


RUNNER = """
    def work(messages, **more):
        runner = client.beta.messages.tool_runner(
            model="claude-opus-5-5", max_tokens=900, tools=TOOLS, messages=messagesMORE
        )
        USE
"""


@pytest.mark.parametrize(
    ("more", "use", "capped", "certain"),
    [
        ("", "return runner.until_done()", False, True),
        ("", "for message in runner: print(message)", False, True),
        (", max_iterations=8", "return runner.until_done()", True, True),
        (", max_iterations=None", "return runner.until_done()", False, True),
        (", **more", "return runner.until_done()", True, True),
        ("", "for message in runner:\n            if stop: break", True, True),
        ("", "return runner", False, False),
    ],
)
def test_a_runner_of_the_sdk(more: str, use: str, capped: bool, certain: bool) -> None:
    found = rounds(RUNNER.replace("MORE", more).replace("USE", use))
    assert found is not None
    assert (found.how, found.capped, found.certain) == ("runner", capped, certain)


@pytest.mark.parametrize(
    ("method", "paired"),
    [
        ("", True),  # it has the loop of its base
        ("def work(self, messages):\n        return ask(messages)", False),
        ("def work(self, messages):\n        return super().work(messages)", True),
        ("def work(self, messages):\n        return Worker.work(self, messages)", True),
        ("def work(self, messages):\n        return super(Claude, self).work(messages)", True),
        ("def rest(self, messages):\n        return super().work(messages)", True),
        (
            "def work(self, messages):\n        return ask(messages)\n\n"
            "    def rest(self, messages):\n        return super().work(messages)",
            True,
        ),
    ],
)
def test_a_loop_that_a_class_has_in_the_place_of_its_base(method: str, paired: bool) -> None:
    body = f"""
class Worker:
    def work(self, messages):
        while True:
            reply = self.send(messages)
            messages.append({{"role": "assistant", "content": reply.content}})
            if reply.stop_reason != "tool_use":
                return reply
            messages.append({{"role": "user", "content": results_of(reply)}})


class Claude(Worker):
    def send(self, messages):
        return SEND

    {method}
"""
    assert (rounds(body) is not None) is paired
