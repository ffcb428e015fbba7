"""A service that is too busy is asked once more: the same request, not another round."""

import asyncio
import os

import httpx

URL = "https://api.anthropic.com/v1/messages"
MOST = 4

# stands in for four pages of rules
RULES = "Say of each parcel which van takes it, and why no other one does. " * 90


async def post(client: httpx.AsyncClient, payload: dict) -> httpx.Response | None:
    for pass_number in range(1, MOST + 1):
        response = await client.post(
            URL,
            headers={
                "x-api-key": os.environ["ANTHROPIC_API_KEY"],
                "anthropic-version": "2023-06-01",
            },
            json=payload,
        )
        if response.status_code != 429:
            return response
        await asyncio.sleep(2**pass_number)
    return None


async def main() -> None:
    payload = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 400,
        "system": RULES,
        "messages": [{"role": "user", "content": input("Parcels: ")}],
    }
    async with httpx.AsyncClient() as client:
        response = await post(client, payload)
    print(response.json()["content"][0]["text"] if response else "busy")


if __name__ == "__main__":
    asyncio.run(main())
