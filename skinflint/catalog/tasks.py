"""What tells what a request is made for, as data: words of names and prompts, readers of replies.

Everything here is read from ``data/task.toml`` and answers questions about words and names; nothing
in this module looks at code. Uses are the plain strings that ``linter.request.Use`` has as values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from skinflint.catalog.compiled import read

#: Uses whose verbs and nouns are looked up in names.
USES = (
    "label",
    "routing",
    "judgement",
    "title",
    "translation",
    "summary",
    "extraction",
    "open-answer",
)
_PART = re.compile(r"[^\W\d_]+?(?=[A-Z][^\W\d_A-Z])|[^\W\d_]+?(?<=[^\W\d_A-Z])(?=[A-Z])|[^\W\d_]+")


#: Prompts whose words are remembered.
_MOST_PROMPTS = 32


class Told(NamedTuple):
    """What a name says: the use, and the word that says it."""

    use: str
    word: str


class Tasks:
    """The loaded facts. Made by :func:`load`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Index the tables of ``task.toml``."""
        self.date: str = data["date"]
        sizes = data["sizes"]
        self.label_tokens: int = sizes["label"]  # room for a label and nothing else
        self.short_tokens: int = sizes["short"]
        self.brief_tokens: int = sizes["brief"]  # for a choice and some sentences about it
        self.much_thinking: int = sizes["thinking"]  # for a small reply
        self.high_efforts = frozenset(sizes["efforts"].split())
        self.low_effort: str = sizes["low"]
        words = data["words"]
        self._verbs = {word: use for use in USES for word in words[use]["verbs"].split()}
        self._nouns = {word: use for use in USES for word in words[use]["nouns"].split()}
        self._makes = frozenset(words["makes"]["verbs"].split())
        self._ends = frozenset(words["ends"]["verbs"].split())
        self._other = frozenset(words["other"]["verbs"].split())
        self._fields = {
            word: use for use, listed in data["fields"].items() for word in listed.split()
        }
        self._phrases = tuple(
            (phrase, use, phrase.isascii() or (phrase[0].isalpha() and phrase[0] < "\u0590"))
            for use, listed in data["prompts"].items()
            for phrase in dict.fromkeys(listed.strip().split("\n"))
        )
        self._prompts: dict[str, tuple[Told, ...]] = {}  # one prompt is sent by many
        choice = data["choice"]
        self._meant = tuple(choice["meant"].strip().split("\n"))
        self._narration = {
            kind: tuple(listed.strip().split("\n")) for kind, listed in data["narration"].items()
        }
        self._weighed = tuple(choice["weighed"].strip().split("\n"))
        self._weighty = frozenset(choice["weighty"].split())
        self._tells = frozenset(choice["tells"].split())
        self._pinned = tuple(choice["pinned"].strip().split("\n"))
        self._compares = frozenset(choice["compares"].split())
        self._referees = frozenset(choice["referees"].split())
        self._tries = frozenset(choice["tries"].split())
        #: Models of the top lines that the smallest line has been ahead of since.
        self.outgrown = frozenset(choice["outgrown"].split())
        self.readers: dict[str, frozenset[str]] = {
            kind: frozenset(listed.split()) for kind, listed in data["readers"].items()
        }

    def of_name(self, name: str) -> Told | None:
        """What a name of a function, variable, constant or class says it is for."""
        parts = words(name)
        while len(parts) > 1 and parts[-1] in self._ends:
            parts.pop()
        made: Told | None = None
        for index, part in enumerate(parts):
            if part in self._makes:
                # What is made says more: generate_title.
                if self._verbs.get(part) == "open-answer":
                    made = made or Told("open-answer", part)
                continue
            use = self._verbs.get(part)
            if use is not None:
                # "is", "has" and "should" are verbs at the front alone.
                if part in _ASKS and index:
                    continue
                return Told(use, part)
            if part in self._other:
                break
            if part in self._nouns and index == len(parts) - 1:
                told = Told(self._nouns[part], part)
                # What is made up is no choice: generate_category invents one.
                invented = not self._makes.isdisjoint(parts[:index])
                return made if invented and told.use in ("label", "routing") else told
        return made

    def of_thing(self, name: str) -> Told | None:
        """What a name of a value says it is: its last word counts."""
        parts = words(name)
        while len(parts) > 1 and parts[-1] in self._ends:
            parts.pop()
        if not parts:
            return None
        if parts[0] in _ASKS and len(parts) > 1:
            return Told("label", parts[0])
        use = self._nouns.get(parts[-1])
        return Told(use, parts[-1]) if use is not None else None

    def of_field(self, name: str) -> str:
        """The use that a field of this name is for, "explains", or "" when it says nothing."""
        found = [self._fields[part] for part in words(name) if part in self._fields]
        if not found:
            return ""
        decided = [use for use in found if use != "explains"]
        return decided[-1] if decided else "explains"

    def of_prompt(self, text: str) -> tuple[Told, ...]:
        """What the words of a prompt ask for: one phrase of each use, in the order of the table."""
        known = self._prompts.get(text)
        if known is None:
            if len(self._prompts) >= _MOST_PROMPTS:
                self._prompts.clear()
            known = self._prompts[text] = self._of_prompt(text)
        return known

    def _of_prompt(self, text: str) -> tuple[Told, ...]:
        lowered = text.lower()
        found: dict[str, Told] = {}
        for phrase, use, bounded in self._phrases:
            if use not in found and _says(lowered, phrase, bounded):
                found[use] = Told(use, phrase)
        return tuple(found.values())

    def narrates(self, text: str) -> tuple[str, int, str] | None:
        """The first phrase that asks for the way to the answer: its kind, where it is, itself.

        ``thinks``: aloud; ``explains``: what the answer rests on.
        """
        lowered = text.lower()
        found = [
            (place, kind, phrase)
            for kind, phrases in self._narration.items()
            for phrase in phrases
            if (place := lowered.find(phrase)) >= 0 and _says(lowered, phrase, phrase.isascii())
        ]
        first = min(found, default=None)
        return None if first is None else (first[1], first[0], first[2])

    def is_meant(self, comment: str) -> bool:
        """Whether a comment near a model says that its size is meant."""
        lowered = comment.lower()
        return any(_says(lowered, phrase, True) for phrase in self._meant)

    def is_weighed(self, line: str) -> bool:
        """Whether a line that names a model says that somebody has weighed which one to take."""
        lowered = line.lower()
        return self.is_meant(line) or any(_says(lowered, each, True) for each in self._weighed)

    def is_weighty(self, name: str) -> bool:
        """Whether a name says that much hangs on an answer, or that it takes long thought."""
        return not self._weighty.isdisjoint(words(name))

    def is_choice(self, name: str) -> bool:
        """Whether a field of this name holds one of few answers or a number that rates."""
        parts = words(name)
        if len(parts) > 1 and parts[0] in _ASKS:
            return True
        return bool(parts) and self._fields.get(parts[-1]) in ("label", "routing", "judgement")

    def tells(self, name: str) -> bool:
        """Whether a field of this name holds what is said to people, or a train of thought."""
        return not self._tells.isdisjoint(words(name))

    def is_pinned(self, comment: str) -> bool:
        """Whether a comment near a model says that its version is held on purpose."""
        lowered = comment.lower()
        return any(_says(lowered, phrase, True) for phrase in self._pinned)

    def compares(self, name: str) -> bool:
        """Whether a file or function of this name sets models side by side."""
        return not self._compares.isdisjoint(words(name))

    def referees(self, name: str) -> bool:
        """Whether a name says that replies of other models are judged."""
        return not self._referees.isdisjoint(words(name))

    def tries(self, name: str) -> bool:
        """Whether a file or folder of this name has the cases on which a program is tried."""
        return not self._tries.isdisjoint(words(name))

    def reads(self, kind: str, name: str) -> bool:
        """Whether a function of this qualified name is of a kind of reader."""
        names = self.readers[kind]
        return name in names or name.rpartition(".")[2] in names

    def speaks(self, kind: str, name: str) -> bool:
        """Whether a word of a name is one of those of a kind of reader."""
        return not self.readers[kind].isdisjoint(words(name))


#: Verbs that ask a question when a name begins with them.
_ASKS = ("is", "has", "should")


def words(name: str) -> list[str]:
    """The words an identifier is made of, in lower case: ``parseJSON_reply`` has three."""
    return [part.lower() for part in _PART.findall(name)]


def _says(text: str, phrase: str, bounded: bool) -> bool:
    """Whether a phrase stands in a text; in scripts with word spaces as words of its own."""
    at = text.find(phrase)
    while at >= 0:
        if not bounded:
            return True
        before = text[at - 1 : at]
        after = text[at + len(phrase) : at + len(phrase) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = text.find(phrase, at + 1)
    return False


@lru_cache(maxsize=1)
def load() -> Tasks:
    """The facts that come with skinflint."""
    return Tasks(read("task"))
