"""SKF114: the state of the machine or the repository, read anew for each call."""

from __future__ import annotations

from typing import ClassVar

from skinflint.linter.findings import KeepResult, Op
from skinflint.linter.request import Request
from skinflint.rules._prefix import Culprit, PrefixRule, named, split_or_move
from skinflint.rules.base import Context, Example

_STATUS = """\
import subprocess

import anthropic

from coder.texts import CODER
from coder.tools import TOOLS, run

client = anthropic.Anthropic()


def working_tree() -> str:
    return subprocess.run(["git", "status", "--short"], capture_output=True, text=True).stdout


def work(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(40):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            system=f"{CODER}\\n\\nWorking tree:\\n{working_tree()}",  # <-
            tools=TOOLS,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""

_STATUS_FIXED = """\
import functools
import subprocess

import anthropic

from coder.texts import CODER
from coder.tools import TOOLS, run

client = anthropic.Anthropic()


@functools.cache
def working_tree() -> str:
    return subprocess.run(["git", "status", "--short"], capture_output=True, text=True).stdout


def work(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(40):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            system=f"{CODER}\\n\\nWorking tree:\\n{working_tree()}",
            tools=TOOLS,
            messages=messages,
            cache_control={"type": "ephemeral"},
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "user", "content": run(reply)})
    return reply.content[-1].text
"""

_LOAD = """\
import os

import anthropic

from watch.texts import WATCHMAN

client = anthropic.Anthropic()


class Watchman:
    def __init__(self):
        self.said = []

    def answer(self, question: str) -> str:
        load = os.getloadavg()
        self.said.append({"role": "user", "content": question})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=800,
            system=f"{WATCHMAN}\\n\\nLoad of it: {load}",  # <-
            messages=self.said,
            cache_control={"type": "ephemeral"},
        )
        self.said.append({"role": "assistant", "content": reply.content})
        if len(self.said) > 80:
            del self.said[:-40]
        return reply.content[0].text


def main():
    watchman = Watchman()
    while True:
        print(watchman.answer(input("> ")))
"""

_LOAD_FIXED = """\
import os

import anthropic

from watch.texts import WATCHMAN

client = anthropic.Anthropic()


class Watchman:
    def __init__(self):
        self.said = []

    def answer(self, question: str) -> str:
        load = os.getloadavg()
        self.said.append({"role": "user", "content": question + f"\\n\\nLoad of it: {load}"})
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=800,
            system=f"{WATCHMAN}",
            messages=self.said,
            cache_control={"type": "ephemeral"},
        )
        self.said.append({"role": "assistant", "content": reply.content})
        if len(self.said) > 80:
            del self.said[:-40]
        return reply.content[0].text


def main():
    watchman = Watchman()
    while True:
        print(watchman.answer(input("> ")))
"""

_GOOD = """\
import os
import subprocess

import anthropic

from coder.texts import CODER
from coder.tools import TOOLS, run

client = anthropic.Anthropic()
BRANCH = subprocess.check_output(["git", "branch", "--show-current"], text=True).strip()


def status() -> str:
    return subprocess.check_output(["git", "status", "--short"], text=True)


def version() -> str:
    return subprocess.check_output(["git", "--version"], text=True)


class Session:
    def __init__(self):
        self.tree = status()

    def work(self, task: str) -> str:
        messages = [{"role": "user", "content": f"{status()}\\n\\n{task}"}]
        for _ in range(40):
            reply = client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=4000,
                system=f"{CODER}\\n{BRANCH} {os.getcwd()} {version()} {self.tree}",
                tools=TOOLS,
                messages=messages,
                cache_control={"type": "ephemeral"},
            )
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason != "tool_use":
                break
            messages.append({"role": "user", "content": run(reply)})
        return reply.content[-1].text
"""


class EnvironmentInSystem(PrefixRule):
    """What a program prints of the work stands in the prompt, and is read anew for each call.

    ## What it does
    Reports the output of programs that show how things stand (`git status`, `git diff`, `ps`,
    `df`) and of functions that measure the machine, where they are read again between two calls
    and stand in front of a breakpoint. What is read once, at import or when a session begins, is
    left alone; so are programs that say the same each time (`uname`, `--version`), names and
    folders of the machine, and programs that nothing is known of.

    ## Why it costs
    An agent that edits files changes what `git status` prints. Read in each round, it makes the
    system prompt and with it the whole conversation be written again at 1.25 times the price of
    input instead of read at a tenth. One coding agent wrote 4,700 tokens anew for each helper it
    started because its prompt showed the state of the repository (reported on GitHub, 2026).

    ## Example
    The working tree is asked for in each round of the loop, and the work changes it.

    ## Use instead
    Read it once when the session begins, or let the model ask for it with a tool; what it has to
    know at once goes into the newest user turn.

    ## Fix safety
    Unsafe: the model sees how things stood when the program began. Where a function of its own
    without other effects reads it, `functools.cache` keeps what it gave, for as long as the process
    runs; otherwise the text moves behind the newest user turn or into a block of its own.

    ## References
    - Prompt caching (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The state of the repository in the prompt: https://github.com/anthropics/claude-code/issues/50213
    - In the tier that was to be stable: https://github.com/NousResearch/hermes-agent/pull/70896
    """

    id = "SKF114"
    name = "environment-in-system"
    summary = "The state of repository or machine is read for each call, in front of a breakpoint"
    supersedes = ("SKF104", "SKF105", "SKF107", "SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("The working tree in every round of an agent", bad=_STATUS, fixed=_STATUS_FIXED),
        Example("The load of the machine, with each question", bad=_LOAD, fixed=_LOAD_FIXED),
        Example("Read once; the same each time; in the first message", good=_GOOD),
    )

    def subject(self, culprit: Culprit) -> str:
        """Speaks of what is printed."""
        return f"What {named(culprit.keys)} says may differ"

    def mend(
        self, request: Request, context: Context, culprit: Culprit
    ) -> tuple[tuple[Op, ...] | None, str | None]:
        """Behind the newest turn or in a block of its own; else it is kept where it is read."""
        ops, reason = split_or_move(request, context, culprit)
        if ops is not None or len(culprit.keys) > 1:
            return ops, reason
        return (KeepResult(culprit.keys[0].span),), None

    def fix_title(self, ops: tuple[Op, ...]) -> str:
        """What the fix does, in a few words."""
        if isinstance(ops[0], KeepResult):
            return "Read it once and keep it"
        return super().fix_title(ops)
