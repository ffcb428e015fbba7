"""SKF305: images stay in a conversation that isn't cached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from skinflint.catalog import api
from skinflint.linter.findings import Finding, Tier
from skinflint.linter.request import Block, PairKind, Place, Request
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Known, Mapping, Repeat, Sequence, Value, alternatives
from skinflint.rules.base import Context, Example, Rule

_EYES = """\
import anthropic

from pilot.screen import picture
from pilot.tools import TOOLS, act

client = anthropic.Anthropic()


def drive(task: str, rounds: int = 40) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(rounds):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=2000,
            tools=TOOLS,
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        results = []
        for block in reply.content:
            if block.type == "tool_use":
                act(block.input)
                results.append(
                    {
                        "type": "tool_result",
                        "tool_use_id": block.id,
                        "content": [
                            {  # <-
                                "type": "image",
                                "source": {
                                    "type": "base64",
                                    "media_type": "image/png",
                                    "data": picture(),
                                },
                            }
                        ],
                    }
                )
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text
"""

_GOOD = """\
import anthropic

from pilot.screen import picture
from pilot.tools import TOOLS, act

client = anthropic.Anthropic()


def shown() -> dict:
    data = {"type": "base64", "media_type": "image/png", "data": picture()}
    return {"type": "image", "source": data}


def drive(task: str, rounds: int = 40) -> str:
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
                act(block.input)
                results.append(
                    {"type": "tool_result", "tool_use_id": block.id, "content": [shown()]}
                )
        if not results:
            break
        messages.append({"role": "user", "content": results})
    return reply.content[-1].text


def look_once() -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=200,
        messages=[
            {"role": "user", "content": [shown(), {"type": "text", "text": "What is shown?"}]}
        ],
    )
    return reply.content[0].text
"""


class ImagesKept(Rule):
    """Every image of a conversation is sent again in each round, and none of it is cached.

    ## What it does
    Reports image blocks that a loop or a conversation appends and nothing takes out again, in a
    request without a breakpoint over its messages. With caching on it is quiet: dropping images
    changes earlier messages and costs the cache, more than it saves.

    ## Why it costs
    An image takes up to 1,600 tokens (4,784 from Claude 4.7 on), and a loop of forty rounds with a
    screenshot in each sends 820 of them, most of which show what is long gone. Of the transcripts
    of one agent a third of the bytes were pictures.

    ## Example
    Screenshots of a browser, all of them.

    ## Use instead
    Cache the conversation. Where that can't be, keep the newest few images and drop the others
    in large steps.

    ## Fix safety
    There is no fix: which images are still needed is for you to say.

    ## References
    - Vision, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/vision
    - A third of 312 sessions' bytes: https://github.com/browser-use/browser-use/issues/4742
    """

    id = "SKF305"
    name = "images-kept"
    summary = "Images stay in a conversation that isn't cached"
    tier = Tier.PREVIEW
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Screenshots of a browser, all of them", bad=_EYES),
        Example("Cached; sent once", good=_GOOD),
    )

    def check(self, request: Request, context: Context) -> Iterator[Finding]:
        """The first image that stays."""
        talk = request.conversation
        if talk is None or not talk.certain or not talk.grows or talk.rewritten:
            return
        if "count_tokens" in request.site.method or not request.site.platform.first_party:
            return
        if request.caches_messages or any(not limit.ends_loop for limit in talk.bounded_by):
            return
        if not any(pair.kind in (PairKind.LOOP, PairKind.TURN) for pair in request.pairs):
            return  # sent once
        for block in request.blocks:
            image = _image(block)
            if image is not None:
                yield self._report(request, image)
                return

    def _report(self, request: Request, image: Value) -> Finding:
        most = api.load().images.tokens
        return self.finding(
            request,
            image.span,
            f"This image stays in the conversation, and each later round sends it again without a "
            f"cache: up to {most[0]:,} tokens a time ({most[1]:,} on newer models).",
            related=(Step(Role.SINK, request.site.span, "sent with all earlier ones here"),),
            pair=next((p.label for p in request.pairs if p.inner), None),
            no_fix=(
                "Cache the conversation, or keep the newest few images and drop the others in "
                "large steps."
            ),
            identity=(self.id, image.span),
        )


def _image(block: Block) -> Value | None:
    """An image among what earlier rounds left."""
    if block.place is not Place.MESSAGES or not block.history:
        return None
    if block.kind == "image":
        return block.value
    if block.kind != "tool_result" or not isinstance(block.value, Mapping):
        return None
    content = block.value.get("content")
    for listed in alternatives(content) if content is not None else ():
        for item in listed.items if isinstance(listed, Sequence) else ():
            body = item.body if isinstance(item, Repeat) else item
            for each in alternatives(body):
                kind = each.get("type") if isinstance(each, Mapping) else None
                if isinstance(kind, Known) and kind.value == "image":
                    return each
    return None
