"""What waits in a global is copied, taken out and sent once: no turn is ever sent again."""

import anthropic
from fastapi import FastAPI

app = FastAPI()
client = anthropic.AsyncAnthropic()

WAITING: list[dict] = []


@app.post("/notes")
async def note(author: str, text: str) -> dict:
    WAITING.append({"author": author, "text": text})
    enough = len(WAITING) >= 3
    if enough:
        await sort_out()
    return {"sorted": enough}


async def sort_out() -> str:
    if not WAITING:
        return ""
    now = list(WAITING)
    WAITING.clear()
    lines = [f"{n}. {each['author']}: {each['text']}" for n, each in enumerate(now, start=1)]
    reply = await client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=300,
        messages=[{"role": "user", "content": "Which are complaints?\n" + "\n".join(lines)}],
    )
    return reply.content[0].text
