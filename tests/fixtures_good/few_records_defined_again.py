"""A name that is defined again, and a loop over the five records that are written out here."""

import anthropic

client = anthropic.Anthropic()

RECORDS = ["knee, left", "knee, right", "hip", "shoulder", "wrist"]


def summed_up(record):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=400,
        messages=[{"role": "user", "content": f"Sum up: {record}"}],
    )
    print(reply.content[0].text)


summed_up(RECORDS[0])


def summed_up(record):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=400,
        messages=[{"role": "user", "content": f"Sum up in a sentence: {record}"}],
    )
    return reply.content[0].text


def print_all(records):
    for record in records:
        print(summed_up(record))


print_all(RECORDS)
