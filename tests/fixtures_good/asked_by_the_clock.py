"""A job that runs once an hour: what it would write to the cache is gone before it runs again."""

import anthropic
from apscheduler.schedulers.blocking import BlockingScheduler

client = anthropic.Anthropic()

# stands in for four pages of rules
RULES = "Name the harbour, the pier and the hour of each arrival, and say which are late. " * 60


def report() -> None:
    with open("arrivals.txt") as file:
        reply = client.messages.create(
            model="claude-opus-5-5",
            max_tokens=900,
            system=RULES,
            messages=[{"role": "user", "content": file.read()[:9000]}],
        )
    print(reply.content[0].text)


scheduler = BlockingScheduler()
scheduler.add_job(report, "cron", minute=0)
scheduler.start()
