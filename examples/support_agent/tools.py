"""What the agent can do: tool definitions, the code behind them, and the workshop's tool server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from anthropic.types import ToolParam

from support_agent.store import Store

FIND_ORDER: ToolParam = {
    "name": "find_order",
    "description": "How far an order, a rental or a repair is. Needs its number, such as R-1044.",
    "input_schema": {
        "type": "object",
        "properties": {"order": {"type": "string"}},
        "required": ["order"],
    },
}
OPEN_TICKET: ToolParam = {
    "name": "open_ticket",
    "description": "Open a repair ticket. Say the town, the kind of bicycle and what is wrong.",
    "input_schema": {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
    },
}

#: in a fixed order: whatever stands first in a request has to stay the same
TOOLS: list[ToolParam] = [FIND_ORDER, OPEN_TICKET]


def run_tool(store: Store, name: str, arguments: Any) -> str:
    """Do what the model asked for and say what came of it."""
    if name == FIND_ORDER["name"]:
        return f"{arguments['order']}: {store.order_state(arguments['order'])}"
    if name == OPEN_TICKET["name"]:
        return f"ticket {store.open_ticket(arguments['text'])} opened"
    return f"there is no tool called {name}"


@dataclass
class RemoteTool:
    """A tool as a tool server describes it."""

    name: str
    description: str
    input_schema: dict[str, Any]


@dataclass
class ToolList:
    """The answer of a tool server that was asked for its tools."""

    tools: list[RemoteTool] = field(default_factory=list)


class ToolSession(Protocol):
    """A connection to a tool server, as far as the agent uses one."""

    def list_tools(self) -> ToolList:
        """The tools it has, in no promised order."""

    def call_tool(self, name: str, arguments: Any) -> str:
        """Run one of them."""
