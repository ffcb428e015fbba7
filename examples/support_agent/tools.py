"""What the agent can do: the tool definitions and the code behind them."""

from __future__ import annotations

from typing import Any

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
