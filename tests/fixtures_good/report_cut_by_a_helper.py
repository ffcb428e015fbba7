"""A report that is laid out and then cut to a length, by a helper that has a limit."""

import json

import anthropic

client = anthropic.Anthropic()


class Desk:
    most = 2_500

    def fitting(self, text: str, most: int) -> str:
        if len(text) <= most:
            return text
        head = text[:most]
        return head[: head.rfind("\n")] + "\n(the rest is left out)"

    def sum_up(self, parcels: list[dict]) -> str:
        parts = []
        for parcel in parcels:
            shown = self.fitting(json.dumps(parcel, indent=2, default=str), self.most)
            parts.append(f"Parcel {parcel['number']}:\n{shown}")
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=500,
            messages=[{"role": "user", "content": "\n\n".join(parts)}],
        )
        return reply.content[0].text
