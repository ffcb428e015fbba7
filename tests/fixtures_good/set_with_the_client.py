"""What an attribute begins with is never sent: whoever makes the client names a model."""

import anthropic


class Provider:
    def __init__(self, system: str) -> None:
        self.system = system
        self.client = None
        self.model = "claude-3-5-sonnet-20240620"

    def configure(self, model: str, key: str) -> None:
        self.model = model
        self.client = anthropic.Anthropic(api_key=key)

    def ask(self, question: str) -> str:
        if not self.client:
            raise RuntimeError("not configured")
        reply = self.client.messages.create(
            model=self.model,
            max_tokens=900,
            system=self.system,
            messages=[{"role": "user", "content": question}],
        )
        return reply.content[0].text


def main(read) -> None:
    provider = Provider("Answer in one line.")
    provider.configure(read("model"), read("key"))
    print(provider.ask(read("question")))
