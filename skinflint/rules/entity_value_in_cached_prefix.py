"""SKF104: one user's or record's text inside a prefix that others could share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.linter.findings import Finding
from skinflint.linter.request import Request
from skinflint.rules._prefix import PrefixRule
from skinflint.rules.base import Context, Example

_BOT = """\
from anthropic import AsyncAnthropic
from fastapi import Depends, FastAPI

from coach.prompts import SYSTEM_PROMPT
from coach.store import Store, current_user

app = FastAPI()
client = AsyncAnthropic()
store = Store()


def prompt_for(name: str, profile: str):
    text = (
        SYSTEM_PROMPT
        + (f"\\n\\nName: {name}" if name else "")  # <-
        + (f"\\n\\n{profile}" if profile else "")
    )
    return [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]


@app.post("/coach")
async def coach(message: str, user=Depends(current_user)):
    profile = await store.profile(user.id)
    reply = await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1500,
        system=prompt_for(user.first_name, profile),
        messages=[{"role": "user", "content": message}],
    )
    return {"text": reply.content[0].text}
"""

_BOT_FIXED = """\
from anthropic import AsyncAnthropic
from fastapi import Depends, FastAPI

from coach.prompts import SYSTEM_PROMPT
from coach.store import Store, current_user

app = FastAPI()
client = AsyncAnthropic()
store = Store()


def prompt_for(name: str, profile: str):
    text = (
        (f"\\n\\nName: {name}" if name else "")
        + (f"\\n\\n{profile}" if profile else "")
    )
    return [
        {"type": "text", "text": SYSTEM_PROMPT, "cache_control": {"type": "ephemeral"}},
        *([{"type": "text", "text": text}] if text.strip() else []),
    ]


@app.post("/coach")
async def coach(message: str, user=Depends(current_user)):
    profile = await store.profile(user.id)
    reply = await client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=1500,
        system=prompt_for(user.first_name, profile),
        messages=[{"role": "user", "content": message}],
    )
    return {"text": reply.content[0].text}
"""


_JOB = """\
import csv
from pathlib import Path

import anthropic

INSTRUCTIONS = Path("prompts/screening.md").read_text()


class Screening:
    def __init__(self, client: anthropic.Anthropic, model: str = "claude-haiku-5-5"):
        self.client = client
        self.model = model

    def screen(self, applicant: dict) -> str:
        system = INSTRUCTIONS + "\\n\\nApplicant:\\n" + applicant["letter"]  # <-
        params = dict(model=self.model, max_tokens=200)
        params["system"] = [
            {
                "type": "text",
                "text": system,
                "cache_control": {"type": "ephemeral"},
            }
        ]
        params["messages"] = [{"role": "user", "content": "Does the letter fit the position?"}]
        return self.client.messages.create(**params).content[0].text


def main():
    screening = Screening(anthropic.Anthropic())
    with open("applicants.csv") as file:
        for row in csv.DictReader(file):
            print(row["id"], screening.screen(row))


if __name__ == "__main__":
    main()
"""

_JOB_FIXED = """\
import csv
from pathlib import Path

import anthropic

INSTRUCTIONS = Path("prompts/screening.md").read_text()


class Screening:
    def __init__(self, client: anthropic.Anthropic, model: str = "claude-haiku-5-5"):
        self.client = client
        self.model = model

    def screen(self, applicant: dict) -> str:
        system = "Applicant:\\n" + applicant["letter"]
        params = dict(model=self.model, max_tokens=200)
        params["system"] = [
            {
                "type": "text",
                "text": INSTRUCTIONS + "\\n\\n",
                "cache_control": {"type": "ephemeral"},
            },
            {"type": "text", "text": system}
        ]
        params["messages"] = [{"role": "user", "content": "Does the letter fit the position?"}]
        return self.client.messages.create(**params).content[0].text


def main():
    screening = Screening(anthropic.Anthropic())
    with open("applicants.csv") as file:
        for row in csv.DictReader(file):
            print(row["id"], screening.screen(row))


if __name__ == "__main__":
    main()
"""


_SEPARATE = """\
import anthropic
from flask import Flask, request, session

from helpdesk.texts import MANUAL

app = Flask(__name__)
client = anthropic.Anthropic()


@app.post("/ask")
def ask():
    customer = session["customer"]
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=700,
        system=[
            {"type": "text", "text": MANUAL, "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": f"You talk to {customer}."},
        ],
        messages=[{"role": "user", "content": request.json["question"]}],
    )
    return {"answer": reply.content[0].text}


def discuss(document: str, questions: list[str]) -> list[str]:
    answers = []
    for question in questions:
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=700,
            system=[
                {
                    "type": "text",
                    "text": f"Here is the document:\\n{document}",
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=[{"role": "user", "content": question}],
        )
        answers.append(reply.content[0].text)
    return answers
"""


class EntityValueInCachedPrefix(PrefixRule):
    """A user's, tenant's or record's text stands inside a prefix that is otherwise shared.

    ## What it does
    Follows what belongs to one user, tenant, document or row (parameters of handlers and jobs,
    loop variables over records, rows of a database) into the marked part of a request, and reports
    it where unchanging text in front of it (or behind it, where that is longer) can't be read by
    the calls for anybody else. It stays silent where an earlier breakpoint saves the unchanging
    text, where that text isn't surely long enough to be cached at all, and where the configuration
    says that there is one user only (`[tool.skinflint.assume] single-user = true`). Where the
    marked place is handed its text as a whole and the length of the unchanging part can't be
    counted, it is told with `--preview`.
    So is what the code hands on through more than ten places: on so long a way it has mostly
    only picked a provider or a branch.

    Where whoever calls a function is not here, and may hand in the same value again, it is told
    with `--preview` unless the text around the value is long by itself. The cases of an evaluation
    (`evals/run.py`) take it as well: they may all be about the same. So does a value with hardly
    any unchanging text in front of it, unless many pages of it follow: what stands behind one
    user's words is often picked for that user as well.

    ## Why it costs
    One block made of a constant and a tail per user is cached per user. With a message each from
    ten users within five minutes the constant is written ten times at 1.25 times the input price
    instead of once, with nine reads at a tenth: 12.5 against 2.15. In conversations of five turns
    the constant costs 3.3 times, of twenty turns 1.6 times what it could. A bot whose 63,333 tokens
    were written anew with each miss spent 73 % of its bill on that (reported on GitHub, 2026).

    ## Example
    The prompt is the same for everybody up to the name.

    ## Use instead
    End the marked block where the shared text ends, and put the rest in a block of its own behind
    it; give that one a marker too if the same conversation sends it again.

    ## Fix safety
    Unsafe: the text and its order stay, but the model gets it in two blocks. A part that may be
    empty becomes a conditional element, for the API rejects empty blocks; a tail that is read again
    keeps a marker of its own. Where most of the unchanging text stands behind the value, the fix
    puts it first, which changes the order the model reads it in.

    ## References
    - Prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - The bot with 73 %: https://github.com/openclaw/openclaw/pull/53225
    """

    id = "SKF104"
    name = "entity-value-in-cached-prefix"
    summary = "Text of one user or record keeps others from reading the shared part of a prefix"
    supersedes = ("SKF107", "SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Name and profile glued to the shared prompt of a web handler",
            bad=_BOT,
            fixed=_BOT_FIXED,
        ),
        Example("A record glued to the instructions of a nightly job", bad=_JOB, fixed=_JOB_FIXED),
        Example(
            "A block of its own behind the marker; a document that is read again", good=_SEPARATE
        ),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """Nothing where there is one user only: then nobody else could read the prefix."""
        if not context.single_user:
            yield from super().check(request, context)

    def silence(self, request: Request, context: Context) -> str:
        """As of its kind, unless the configuration says that there is one user only."""
        if context.single_user:
            return "the configuration says that there is a single user"
        return super().silence(request, context)
