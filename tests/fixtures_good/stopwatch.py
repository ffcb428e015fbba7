"""A loop over records that measures how long each reply takes.

Facts: the replies of a batch come within 24 hours, all together; how fast a model answers can't be
told from them.
"""

import time
from pathlib import Path

import anthropic

client = anthropic.Anthropic()
QUESTION = "Which bridges of this town may be crossed on horseback?"


def compare(models: list[str]) -> None:
    for model in models:
        begun = time.perf_counter()
        reply = client.messages.create(
            model=model, max_tokens=500, messages=[{"role": "user", "content": QUESTION}]
        )
        seconds = time.perf_counter() - begun
        print(f"{model}: {reply.usage.output_tokens / seconds:.1f} tokens a second")


if __name__ == "__main__":
    more = Path("more.txt").read_text().split()
    compare(["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", *more])
