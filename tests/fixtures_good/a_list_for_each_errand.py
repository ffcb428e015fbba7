"""A script that works through two errands, each with a list of its own under one name."""

import anthropic

client = anthropic.Anthropic()
LOOK_UP = {
    "name": "look_up",
    "description": "The opening hours of a shop.",
    "input_schema": {"type": "object", "properties": {"shop": {"type": "string"}}},
}
HOURS = {"baker": "6 to 13", "smith": "9 to 17"}


def say(talk, content):
    talk.append({"role": "user", "content": content})


def work(talk):
    for _ in range(4):
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=400,
            tools=[LOOK_UP],
            messages=talk,
            cache_control={"type": "ephemeral"},
        )
        talk.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason != "tool_use":
            break
        say(
            talk,
            [
                {"type": "tool_result", "tool_use_id": use.id, "content": HOURS[use.input["shop"]]}
                for use in reply.content
                if use.type == "tool_use"
            ],
        )
    return talk


talk = []
say(talk, "When can I buy bread?")
work(talk)

talk = []
say(talk, "When can I have a knife ground?")
print(work(talk)[-1])
