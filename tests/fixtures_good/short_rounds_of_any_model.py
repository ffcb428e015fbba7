"""Short rounds of a model that is named elsewhere: it may be one that caches from much more on."""

import os
from datetime import date

import anthropic

client = anthropic.Anthropic()
CALENDAR = {
    "name": "calendar",
    "description": "The date of today",
    "input_schema": {"type": "object", "properties": {}},
}


def days_until(question: str) -> str:
    messages = [{"role": "user", "content": question}]
    while True:
        reply = client.messages.create(
            model=os.environ["MODEL"],
            max_tokens=300,
            system="Count the days. Ask the calendar for the date of today.",
            tools=[CALENDAR],
            messages=messages,
        )
        messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use" or len(messages) > 20:
            return reply.content[-1].text
        results = [
            {"type": "tool_result", "tool_use_id": b.id, "content": str(date.today())}
            for b in reply.content
            if b.type == "tool_use"
        ]
        messages.append({"role": "user", "content": results})


print(days_until(input("Until when? ")))
