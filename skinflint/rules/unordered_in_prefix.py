"""SKF106: text in front of a breakpoint whose order isn't fixed."""

from __future__ import annotations

from typing import ClassVar

from skinflint.linter.findings import Op, WrapSorted
from skinflint.linter.request import Request
from skinflint.linter.values import Confidence, Ordering
from skinflint.rules._prefix import Culprit, PrefixRule, named
from skinflint.rules.base import Context, Example

_LABELS = """\
import anthropic

from triage.mailboxes import MAILBOXES
from triage.texts import GUIDE

client = anthropic.Anthropic()


def system_text() -> str:
    queues = {mailbox.queue.lower() for mailbox in MAILBOXES}
    return GUIDE + "\\n\\nQueues: " + ", ".join(queues)


def triage(mail: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=20,
        system=[
            {
                "type": "text",
                "text": system_text(),  # <-
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": mail}],
    )
    return reply.content[0].text.strip()
"""

_LABELS_FIXED = """\
import anthropic

from triage.mailboxes import MAILBOXES
from triage.texts import GUIDE

client = anthropic.Anthropic()


def system_text() -> str:
    queues = {mailbox.queue.lower() for mailbox in MAILBOXES}
    return GUIDE + "\\n\\nQueues: " + ", ".join(sorted(queues))


def triage(mail: str) -> str:
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=20,
        system=[
            {
                "type": "text",
                "text": system_text(),
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": mail}],
    )
    return reply.content[0].text.strip()
"""


_COMPLETED = """\
from concurrent.futures import ThreadPoolExecutor, as_completed

import anthropic

from research.sources import SITES, fetch
from research.texts import METHOD


class Researcher:
    def __init__(self):
        self.client = anthropic.Anthropic()

    def pages(self):
        texts = []
        with ThreadPoolExecutor() as pool:
            futures = [pool.submit(fetch, site) for site in SITES]
            for future in as_completed(futures):
                texts.append(future.result())
        return "\\n\\n".join(texts)

    def answer(self, question):
        reply = self.client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=1500,
            system=[
                {
                    "type": "text",
                    "text": METHOD + "\\n\\n" + self.pages(),  # <-
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            messages=[{"role": "user", "content": question}],
        )
        return reply.content[0].text
"""

_GOOD = """\
import anthropic

from triage.texts import GUIDE

client = anthropic.Anthropic()

QUEUES = {"billing", "delivery", "returns", "warranty"}
TONES = ("calm", "short", "friendly")


def triage(mail: str) -> str:
    queues = ", ".join(sorted(QUEUES))
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=20,
        system=[
            {
                "type": "text",
                "text": f"{GUIDE}\\n\\nQueues: {queues}\\nTone: {', '.join(TONES)}",
                "cache_control": {"type": "ephemeral"},
            }
        ],
        messages=[{"role": "user", "content": mail}],
    )
    answer = reply.content[0].text.strip()
    return answer if answer in QUEUES else "other"
"""


class UnorderedInPrefix(PrefixRule):
    """Text in front of a breakpoint is put together in an order that isn't fixed.

    ## What it does
    Follows the order of sets and of results taken as they complete (`as_completed`,
    `imap_unordered`) into the part of a request that a breakpoint covers. `sorted` on the way ends
    it; so do membership tests and sizes, and a set of numbers keeps its order. A set in a text that
    the marked place is handed as a whole is told with `--preview` where other parts of that text
    may change as well and the length of the rest can't be counted.

    ## Why it costs
    The same words in another order are another prefix. Results taken as they complete change with
    every call. A set of strings keeps its order within one process, for Python salts the hashes of
    strings once per process: each worker and each restart then writes a prefix of its own at 1.25
    times the input price (2 times for an hour) where it could read that of the others at a tenth.

    ## Example
    The names of the queues, joined in the order in which a set happens to yield them.

    ## Use instead
    `sorted(...)` at the place where the set becomes text; for futures, take the results in the
    order in which they were submitted (`executor.map`, `asyncio.gather`).

    ## Fix safety
    Unsafe: the model reads the same items in another, from then on fixed, order. Offered for sets
    of strings only, since other elements may not be comparable.

    ## References
    - Prompt caching, Anthropic documentation (2026-10-08):
      https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    - Why sets of strings differ between processes, Python documentation:
      https://docs.python.org/3/using/cmdline.html#envvar-PYTHONHASHSEED
    - A set of strings in prompts, found and mended: https://github.com/oughtinc/ice/pull/131
    """

    id = "SKF106"
    name = "unordered-in-prefix"
    summary = "Text in front of a breakpoint stands in an order that isn't fixed"
    supersedes = ("SKF202", "SKF203")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("A set of strings joined into the marked prompt", bad=_LABELS, fixed=_LABELS_FIXED),
        Example("Pages in the order in which they arrived", bad=_COMPLETED),
        Example("The same set sorted; a tuple; a membership test", good=_GOOD),
    )

    def subject(self, culprit: Culprit) -> str:
        """Speaks of the order, not of the content."""
        return f"The order of {named(culprit.keys)} may differ"

    def mend(
        self, request: Request, context: Context, culprit: Culprit
    ) -> tuple[tuple[Op, ...] | None, str | None]:
        """``sorted`` around each set of strings."""
        if any(key.ordering is not Ordering.PROCESS for key in culprit.keys):
            return None, (
                "Results come as they are done; take them in the order in which they were asked "
                "for (executor.map, asyncio.gather) or sort them by a key of your own."
            )
        if any(key.confidence is not Confidence.HIGH for key in culprit.keys):
            return None, "The elements may not be comparable; sort them by a key that fits them."
        return tuple(WrapSorted(key.taken or key.span) for key in culprit.keys), None

    def fix_title(self, ops: tuple[Op, ...]) -> str:
        """What the fix does, in a few words."""
        return "Sort what has no order of its own"
