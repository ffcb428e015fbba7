"""Pictures sent as image blocks, each behind a text that counts it and says what is on it.

Facts: what is encoded as base64 stands in the blocks alone; the counter of a loop and the list that
a helper hands back beside a picture are other things than the picture.
"""

import base64
import io
from pathlib import Path

import anthropic
from PIL import Image

client = anthropic.Anthropic()


def encoded(path: Path) -> str:
    out = io.BytesIO()
    Image.open(path).save(out, format="PNG")
    return base64.standard_b64encode(out.getvalue()).decode("ascii")


def plates(folder: Path) -> list[tuple[str, str]]:
    return [
        ("image/png", encoded(folder / "front.png")),
        ("image/png", encoded(folder / "back.png")),
    ]


def picture(plate: tuple[str, str]) -> dict:
    media, data = plate
    return {"type": "image", "source": {"type": "base64", "media_type": media, "data": data}}


def describe(folder: Path) -> str:
    content: list[dict] = [{"type": "text", "text": "Describe each of these plates in a line."}]
    for number, plate in enumerate(plates(folder), start=1):
        content.append({"type": "text", "text": f"Plate {number}, as {plate[0]}:"})
        content.append(picture(plate))
    reply = client.messages.create(
        model="claude-sonnet-5-5", max_tokens=500, messages=[{"role": "user", "content": content}]
    )
    return reply.content[0].text


class Screen:
    def __init__(self, labels: list[str]) -> None:
        self.labels = labels

    def look(self, path: Path) -> tuple[list[str], str]:
        drawn = encoded(path)
        return self.labels, drawn


def next_step(screen: Screen, path: Path, goal: str) -> str:
    labels, drawn = screen.look(path)
    listed = "\n".join(f"- {label.title()}" for label in labels)
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=100,
        messages=[
            {
                "role": "user",
                "content": [
                    picture(("image/png", drawn)),
                    {"type": "text", "text": f"{goal}\n\nOn the screen:\n{listed}"},
                ],
            }
        ],
    )
    return reply.content[0].text


if __name__ == "__main__":
    print(describe(Path("plates")))
    print(next_step(Screen(["Open", "Save"]), Path("screen.png"), "Save the drawing"))
