"""SKF801: a loop of tools that only the model ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Applicability, CapLoop, Finding, Fix, SetKeyword
from skinflint.linter.request import Request, Rounds
from skinflint.linter.spans import Role, Step
from skinflint.rules._last_rounds import ends_at_once
from skinflint.rules.base import Context, Example, Rule

#: The cap that the fix sets: well above what a task that goes well needs, so that it ends only
#: what has gone astray.
ROUNDS = 50

_AGENT = """\
import anthropic

from depot.tools import SCHEMAS, call_tool

client = anthropic.Anthropic()


def restock(order: str) -> str:
    messages = [{"role": "user", "content": order}]
    while True:  # <-
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=4000,
            tools=SCHEMAS,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            return reply.content[-1].text
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                answer = call_tool(block.name, block.input)
                results.append(
                    {"type": "tool_result", "tool_use_id": block.id, "content": answer}
                )
        messages.append({"role": "user", "content": results})
"""

_AGENT_FIXED = """\
import anthropic

from depot.tools import SCHEMAS, call_tool

client = anthropic.Anthropic()


def restock(order: str) -> str:
    messages = [{"role": "user", "content": order}]
    for _ in range(50):
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=4000,
            tools=SCHEMAS,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            return reply.content[-1].text
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                answer = call_tool(block.name, block.input)
                results.append(
                    {"type": "tool_result", "tool_use_id": block.id, "content": answer}
                )
        messages.append({"role": "user", "content": results})
    else:
        raise RuntimeError("no answer after 50 rounds of tools")
"""

_RUNNER = """\
import anthropic

from depot.tools import count_stock, find_supplier

client = anthropic.Anthropic()


def restock(order: str) -> str:
    runner = client.beta.messages.tool_runner(  # <-
        model="claude-opus-5-5",
        max_tokens=4000,
        tools=[count_stock, find_supplier],
        messages=[{"role": "user", "content": order}],
    )
    return runner.until_done().content[-1].text
"""

_RUNNER_FIXED = """\
import anthropic

from depot.tools import count_stock, find_supplier

client = anthropic.Anthropic()


def restock(order: str) -> str:
    runner = client.beta.messages.tool_runner(
        model="claude-opus-5-5",
        max_tokens=4000,
        tools=[count_stock, find_supplier],
        messages=[{"role": "user", "content": order}],
        max_iterations=50,
    )
    return runner.until_done().content[-1].text
"""

_GOOD = """\
import anthropic

from depot.tools import SCHEMAS, Budget, call_tool, results_of

client = anthropic.Anthropic()


def ask(messages):
    return client.messages.create(
        model="claude-opus-5-5", max_tokens=4000, tools=SCHEMAS, messages=messages
    )


def restock(order: str, budget: Budget) -> str:
    messages = [{"role": "user", "content": order}]
    while True:
        reply = ask(messages)
        budget.charge(reply.usage)
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            return reply.content[-1].text
        messages.append({"role": "user", "content": results_of(reply)})


def count(order: str) -> str:
    messages = [{"role": "user", "content": order}]
    rounds = 0
    while True:
        reply = ask(messages)
        rounds += 1
        if reply.stop_reason != "tool_use" or rounds == 12:
            return reply.content[-1].text
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": results_of(reply)})


def chat() -> None:
    messages = []
    while True:
        messages.append({"role": "user", "content": input("> ")})
        if len(messages) > 80:
            del messages[:-40]
        reply = ask(messages)
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason == "tool_use":
            messages.append({"role": "user", "content": results_of(reply)})
        elif reply.stop_reason == "refusal":
            break
"""


class UncappedToolLoop(Rule):
    """A loop sends results of tools back until the model asks for none, however long that takes.

    ## What it does
    Reports a loop around a request with tools that only the reply ends (its ``stop_reason``, or a
    list of tool calls that is empty), and a ``tool_runner`` without ``max_iterations``. Anything
    else that may end it keeps it silent: a count of rounds, a deadline, a budget of tokens or
    money, a flag that is set elsewhere, a person who is asked in each round, a call whose name
    says that it checks a limit. So does a loop of which no tool leads to another round: the server
    runs it within the request, or its branch returns.

    ## Why it costs
    Each round sends the whole conversation again: a run of 100 rounds sends its first result 99
    times, and its tokens grow with the square of its rounds. A model that repeats a failing call,
    or two tools that undo each other's work, go on until somebody looks at the bill: nothing in the
    program does. One such loop ran for 27 million tokens (reported on GitHub, 2026).

    ## Example
    An agent that stops when the model does.

    ## Use instead
    Count the rounds, and say what happens when there are too many: an error, a shorter answer, a
    question to a person.

    ## Fix safety
    Unsafe: a task that takes more rounds than the cap now ends in an error (with ``tool_runner``:
    with the last reply). Choose the number by what your longest good run needs. Only loops whose
    head is a line of its own are changed.

    ## References
    - Tool runner, max_iterations (2026-10-08):
      https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-runner
    - The 27 million tokens: https://github.com/anthropics/claude-code/issues/15909
    - A loop without a cap, found by a static check:
      https://github.com/wanxingai/LightAgent/issues/70
    """

    id = "SKF801"
    name = "uncapped-tool-loop"
    summary = "A loop of tools that only the model ends"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("An agent that stops when the model does", bad=_AGENT, fixed=_AGENT_FIXED),
        Example("A runner without a limit", bad=_RUNNER, fixed=_RUNNER_FIXED),
        Example("A budget, a count, a person", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The loop around the request, if nothing but the model ends it."""
        rounds = request.rounds
        if rounds is None or not rounds.certain or rounds.capped:
            return
        if any(ends_at_once(request, pair) for pair in request.pairs):
            return
        yield self._report(request, rounds)

    def _report(self, request: Request, rounds: Rounds) -> Finding:
        runner = rounds.how == "runner"
        subject = "This runner has no limit: it" if runner else "Only the model ends this loop: it"
        talk = request.conversation
        grows = runner or (talk is not None and talk.grows)
        again = "sends all earlier ones again" if grows else "is another request"
        fix = Fix(
            Applicability.UNSAFE,
            f"Stop after {ROUNDS} rounds",
            (SetKeyword(rounds.loop, "max_iterations", str(ROUNDS)),)
            if runner
            else (CapLoop(rounds.loop, ROUNDS),),
        )
        return self.finding(
            request,
            rounds.head,
            f"{subject} goes on for as long as the reply asks for tools, and each round {again}.",
            related=(
                *rounds.ends,
                Step(Role.SINK, request.site.span, "sent in each round"),
            ),
            fix=fix,
            identity=(self.id, rounds.loop),
        )
