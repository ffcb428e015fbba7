"""One marked block of the system prompt; a rejected field is left out, and the rest goes again."""

import anthropic

client = anthropic.Anthropic()


class Clerk:
    def __init__(self, effort: str) -> None:
        self.effort = effort

    def form(self, question: dict) -> dict:
        return {
            "model": "claude-sonnet-5-5",
            "max_tokens": 700,
            "output_config": {"effort": self.effort},
            "system": [
                {
                    "type": "text",
                    "text": question["tariffs"],
                    "cache_control": {"type": "ephemeral"},
                }
            ],
            "messages": [{"role": "user", "content": question["text"]}],
        }

    def send(self, form: dict) -> str:
        for _ in range(3):
            try:
                reply = client.messages.create(**form)
                return reply.content[-1].text
            except anthropic.BadRequestError as error:
                if "output_config" not in form or "effort" not in str(error):
                    raise
                form = {name: value for name, value in form.items() if name != "output_config"}
        return ""

    def answer(self, question: dict) -> str:
        return self.send(self.form(question))
