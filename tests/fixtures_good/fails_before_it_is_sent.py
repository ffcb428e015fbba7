"""A loop whose prompt is a template with braces that nothing fills.

Facts: ``format`` raises a KeyError for the braces it was meant to keep, so that nothing is sent.
"""

import anthropic

PROMPT = """\
Answer as a list of {name, title} for each person in this text:

{text}
"""

client = anthropic.Anthropic()
TOOLS = [{"name": "look_up", "description": "Looks a person up.", "input_schema": {}}]


def people(text: str, run) -> str:
    messages = [{"role": "user", "content": PROMPT.format(text=text)}]
    while True:
        reply = client.messages.create(
            model="claude-3-opus-20240229", max_tokens=900, tools=TOOLS, messages=messages
        )
        if reply.stop_reason != "tool_use":
            return reply.content[0].text
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": [run(each) for each in reply.content]})


print(people("Ada met Grace.", print))
