"""Whether a tool loop comes to rounds enough for a breakpoint in its conversation to be read."""

from __future__ import annotations

from skinflint.catalog import api
from skinflint.linter.request import Block, Pair, PairKind, Place, Request, State
from skinflint.linter.values import Choice, Known, Mapping, Value, alternatives

#: What makes the model call a tool, whether it wants to or not.
_FORCED = ("tool", "any")


def ends_at_once(request: Request, pair: Pair) -> bool:
    """Whether no tool that is offered leads to another round.

    Its branch returns, or the server runs it within the request: a turn that it pauses is rare.
    """
    if pair.kind is not PairKind.LOOP or not request.complete((Place.TOOLS,)):
        return False
    offered = [block for block in request.blocks if block.place is Place.TOOLS]
    return bool(offered) and all(
        _named(block, pair.ending) or api.server_tool(block.kind) is not None for block in offered
    )


def acknowledges(request: Request, pair: Pair) -> bool:
    """Whether the loop takes an answer in a form, and lets the model say a word about it.

    The only tool is forced in the first round, the result says that it was taken, and the second
    round is the last: what another `tool_choice` has written is not read by it either.
    """
    talk = request.conversation
    if pair.kind is not PairKind.LOOP or talk is None or talk.lasting:
        return False
    if not request.tools.is_any(State.KNOWN) or not request.complete((Place.TOOLS,)):
        return False
    if sum(block.place is Place.TOOLS for block in request.blocks) != 1:
        return False
    choice = request.params.get("tool_choice")
    if choice is None or not any(_forces(each) for each in alternatives(choice)):
        return False
    said = [block for block in request.blocks if block.place is Place.MESSAGES]
    asked = [block for block in said if not block.history]
    results = [block for block in said if block.kind == "tool_result"]
    return (
        not any(block.repeated for block in asked)
        and len({block.message for block in asked}) == 1
        and bool(results)
        and all(_is_written(block) for block in results)
    )


def _named(block: Block, names: tuple[str, ...]) -> bool:
    value = block.value
    name = value.get("name") if isinstance(value, Mapping) else None
    return name is not None and all(
        isinstance(each, Known) and each.value in names for each in alternatives(name)
    )


def _forces(choice: Value) -> bool:
    kind = choice.get("type") if isinstance(choice, Mapping) else None
    return isinstance(kind, Known) and kind.value in _FORCED


def _is_written(block: Block) -> bool:
    """Whether a result of a tool is a text of the code."""
    content = block.value.get("content") if isinstance(block.value, Mapping) else None
    if isinstance(content, Choice):
        return all(isinstance(each, Known) for each in alternatives(content))
    return isinstance(content, Known)
