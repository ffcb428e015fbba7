"""What another program prints: is it the same the next time?"""

from __future__ import annotations

import re
import shlex

from skinflint.catalog.sources import SourceFact, Sources
from skinflint.linter.spans import Role, Step
from skinflint.linter.values import Confidence, Known, Sequence, Source, Unknown, Value
from skinflint.records import replace

_BETWEEN = re.compile(r"\|\||&&|[|;\n]")  # commands of one line of a shell


def told(
    made: Unknown, fact: SourceFact, given: list[tuple[str, Value]], sources: Sources
) -> Unknown:
    """The output of a program, as one that moves where the catalogue knows that it does.

    What isn't known may be the same for ever: the name of the machine, a version.
    """
    name, confidence = fact.name, Confidence.HIGH
    if not sources.gauge(name.removesuffix("()")):
        commands = [command for command in _commands(given) if command]
        moving = [
            (sure, command)
            for command in commands
            if (sure := sources.program(command)) is not None
        ]
        if not moving:
            return made
        sure, command = max(moving, key=lambda each: each[0])
        words = [word for word in command[1:] if word[0] != "-"]
        name = f"`{' '.join([command[0].rpartition('/')[2], *words[:1]])}`"
        confidence = Confidence.HIGH if sure else Confidence.MEDIUM
    step = Step(Role.SOURCE, made.span, f"what {name} prints may be new each time")
    return replace(
        made,
        keys=tuple(
            key._replace(source=Source.PROGRAM, name=name, confidence=confidence, trail=(step,))
            for key in made.keys
        ),
    )


def _commands(given: list[tuple[str, Value]]) -> list[list[str]]:
    """The commands that a call runs, each as its words; a word that isn't known ends one."""
    first = next((value for name, value in given if name in ("", "args", "command", "cmd")), None)
    if isinstance(first, Sequence):
        return [_known(first.items)]
    if not isinstance(first, Known) or not isinstance(first.value, str):
        return []
    others = [value for name, value in given if name == ""][1:]
    if any(isinstance(value, Known) and isinstance(value.value, str) for value in others):
        return [_known((first, *others))]  # create_subprocess_exec("git", "status")
    return [_split(part) for part in _BETWEEN.split(first.value)]


def _known(items: tuple[Value, ...]) -> list[str]:
    words: list[str] = []
    for item in items:
        if not isinstance(item, Known) or not isinstance(item.value, str) or not item.value:
            break
        words.append(item.value)
    return words


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()
