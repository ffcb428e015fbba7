"""SKF304: bytes written as base64 into a text that the model reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import contents as facts
from skinflint.linter.findings import Applicability, Finding, Fix, TextToBlocks, Tier
from skinflint.linter.request import Content, Form, Intake, Request
from skinflint.linter.spans import Role, Step
from skinflint.rules.base import Context, Example, Rule

_CAMERA = """\
import base64

import anthropic

client = anthropic.Anthropic()


def encoded(path: str) -> str:
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode("ascii")


def describe(path: str) -> str:
    picture = encoded(path)
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=400,
        messages=[
            {
                "role": "user",
                "content": f"What is this?\\ndata:image/png;base64,{picture}",  # <-
            }
        ],
    )
    return reply.content[0].text
"""

_CAMERA_FIXED = _CAMERA.replace(
    """f"What is this?\\ndata:image/png;base64,{picture}",  # <-""",
    """[
                    {"type": "text", "text": "What is this?\\n"},
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/png", "data": picture},
                    },
                ],""",
)

_BROWSER = """\
import base64
import json

import anthropic

from pilot.tools import TOOLS

client = anthropic.Anthropic()


def look(page, given: dict) -> dict:
    shot = page.screenshot(full_page=True)
    return {"title": page.title(), "picture": base64.b64encode(shot).decode()}


def browse(page, task: str, rounds: int = 20) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(rounds):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=2000,
            tools=TOOLS,
            cache_control={"type": "ephemeral"},
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                seen = look(page, block.input)
                results.append(
                    {
                        "type": "tool_result",
                        "tool_use_id": block.id,
                        "content": json.dumps(seen),  # <-
                    }
                )
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text
"""

_GOOD = """\
import base64
import hashlib
import json

import anthropic

from pilot.tools import TOOLS

client = anthropic.Anthropic()


def look(page) -> dict:
    shot = page.screenshot(full_page=True)
    picture = base64.b64encode(shot).decode()
    return {"title": page.title(), "picture": picture, "sha": hashlib.sha256(shot).hexdigest()}


def shown(seen: dict) -> list[dict]:
    picture = seen.pop("picture")
    return [
        {
            "type": "image",
            "source": {"type": "base64", "media_type": "image/png", "data": picture},
        },
        {"type": "text", "text": json.dumps(seen)},
    ]


def browse(page, task: str, rounds: int = 20) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(rounds):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=2000,
            tools=TOOLS,
            cache_control={"type": "ephemeral"},
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": shown(look(page))}
            for block in reply.content
            if block.type == "tool_use"
        ]
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text


def told(path: str, secret: str) -> str:
    with open(path, "rb") as file:
        data = file.read()
    head = base64.b64encode(data)[:24].decode()
    token = base64.b64encode(secret.encode()).decode()
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=50,
        messages=[{"role": "user", "content": f"What kind of file begins with {head}? {token}"}],
    )
    return reply.content[0].text
"""


class Base64AsText(Rule):
    """An image or another file is encoded as base64 and sent as a text.

    ## What it does
    Reports base64 of bytes that becomes part of a text: of a prompt, of a result of a tool, of JSON
    in one. Data of image and document blocks is base64 by design and left alone; so is what is cut
    to a few characters, a text that was encoded, and a field that somebody on the way takes out by
    its name. In preview since all 3 findings of a first version on code that was not used to make
    it were wrong (a text beside the picture took it for the picture); they are mended.

    ## Why it costs
    The model reads base64 as text, a token for every two or three characters, and sees no picture
    in it. A screenshot that takes some 1,500 tokens as an image takes tens of thousands as text:
    35,064 against 495 with only its path, in one agent of 2026. In a conversation it is sent again
    in each round.

    ## Example
    A picture pasted into a prompt as a data URL.

    ## Use instead
    An image or document block, also within a result of a tool; the Files API for what is sent
    often; the path alone where only a tool needs it.

    ## Fix safety
    Unsafe: the model sees a picture instead of its letters. Only a data URL that is written out in
    the text says what the bytes are, so nothing else is changed.

    ## References
    - Vision, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/vision
    - 35,064 tokens against 495: https://github.com/fleet-harness/fleet-harness/pull/1134
    """

    id = "SKF304"
    name = "base64-as-text"
    tier = Tier.PREVIEW
    summary = "Bytes are sent as base64 in a text"
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A picture as a data URL", bad=_CAMERA, fixed=_CAMERA_FIXED),
        Example("A screenshot in the JSON of a result", bad=_BROWSER),
        Example("Image blocks, a field taken out, a few characters", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The messages that bytes are written into."""
        for content in request.contents():
            for intake in content.intakes:
                if intake.kind == "base64" and intake.short < 2:
                    yield self._report(request, content, intake)

    def _report(self, request: Request, content: Content, intake: Intake) -> Finding:
        fix, no_fix = None, None
        known = facts.load()
        block = request.blocks[content.block]
        # In a block of its own it is a field of that block, and no list can stand there.
        whole = block.kind == "tool_result" or block.form is Form.STRING
        if whole and intake.media in (*known.images, *known.documents):
            kind = "image" if intake.media in known.images else "document"
            fix = Fix(
                Applicability.UNSAFE,
                f"Send it as {'an' if kind == 'image' else 'a'} {kind} block",
                (TextToBlocks(content.span, intake.media, kind),),
            )
        else:
            no_fix = (
                "Send it as an image or document block (in the content of a tool_result as well), "
                "or hand on its path."
            )
        again = any(pair.inner for pair in request.pairs) and request.conversation is not None
        return self.finding(
            request,
            content.span,
            f"Bytes go into this text as base64 ({intake.name}): the model reads every character "
            f"of it and sees no picture in it"
            f"{', and each later round sends it again' if again else ''}.",
            related=(*intake.trail, Step(Role.SINK, request.site.span, "sent as text here")),
            pair=next((p.label for p in request.pairs if p.inner), None) if again else None,
            fix=fix,
            no_fix=no_fix,
            identity=(self.id, content.span),
        )
