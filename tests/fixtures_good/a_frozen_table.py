"""No role of the table is the one that the last branch is for: it marks nothing."""

import anthropic

client = anthropic.Anthropic()


class Frozen(dict[str, str]):
    def __setitem__(self, key: str, value: str) -> None:
        raise TypeError("frozen")


ROLES = Frozen({"HUMAN": "user", "USER": "user", "USER_CACHED": "user", "ASSISTANT": "assistant"})


def messages(turns: list) -> list[dict]:
    made = []
    for turn in turns:
        role = ROLES[turn.role]
        if role == "USER_CACHED":
            made.append(
                {
                    "role": "user",
                    "content": turn.text,
                    "cache_control": {"type": "ephemeral"},
                }
            )
        else:
            made.append({"role": role, "content": turn.text})
    return made


def main(turns: list) -> None:
    reply = client.messages.create(
        model="claude-opus-5-5", max_tokens=900, messages=messages(turns)
    )
    print(reply.content[0].text)
