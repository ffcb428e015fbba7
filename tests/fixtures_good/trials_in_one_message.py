"""What was tried so far is written into the middle of one message.

Facts: the text of that message is another one each time, so a breakpoint behind it is never read;
and what stands in front of the list is a few words and a number that changes.
"""

import json

import anthropic

client = anthropic.Anthropic()
PLAN = """You plan the next trial of a bread recipe. Best loaf so far: {best:.1f} of 10.

TRIALS SO FAR:
{trials}

Answer with one change to make."""


def plan(best: float, trials: list[dict]) -> str:
    prompt = PLAN.format(best=best, trials=json.dumps(trials[-5:]) if trials else "[]")
    reply = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=1024,
        messages=[{"role": "user", "content": prompt}],
    )
    return reply.content[0].text


def main() -> None:
    best = 0.0
    trials: list[dict] = []
    for trial in range(40):
        change = plan(best, trials)
        score = float(input(f"{change}\nHow good was it? "))
        best = max(best, score)
        trials.append({"trial": trial, "change": change, "score": score})


if __name__ == "__main__":
    main()
