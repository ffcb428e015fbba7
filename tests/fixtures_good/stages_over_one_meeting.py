"""Two questions about one meeting, asked one after another over the same marked transcript.

Facts: the transcript is another one for each meeting, but within one meeting it is sent twice, so
what the marker covers is written once and read once. The instructions in front of it are too
short to be cached by themselves; behind the marker the transcript would be paid in full each time.
"""

import anthropic

INSTRUCTIONS = "You read transcripts of meetings. Answer from the transcript alone, in a list." * 12
SUM_UP = (
    "You sum up meetings for those who were not there: what it was about, and what follows." * 30
)


class Reader:
    def __init__(self) -> None:
        self.client = anthropic.Anthropic()

    def ask(self, question: str, transcript: str) -> str:
        reply = self.client.messages.create(
            model="claude-haiku-5-5",
            max_tokens=900,
            system=INSTRUCTIONS,
            messages=[
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "text",
                            "text": transcript,
                            "cache_control": {"type": "ephemeral"},
                        },
                        {"type": "text", "text": question},
                    ],
                }
            ],
        )
        return reply.content[0].text

    def listed(self, question: str, transcript: str) -> list[str]:
        return self.ask(question, f"Transcript:\n{transcript}").splitlines()

    def minutes(self, lines: list[str]) -> str:
        transcript = "\n".join(lines)
        tasks = self.listed("Which tasks were given, and to whom?", transcript)
        decided = self.listed("What was decided?", transcript)
        return f"There were {len(tasks)} tasks and {len(decided)} decisions."
