"""A check of a program's own, on a stand-in: nothing is sent, so it may carry any name."""

from unittest.mock import patch

import anthropic

client = anthropic.Anthropic()


def check_replies():
    with patch.object(client, "messages"):
        client.messages.create.return_value = {"content": []}
        reply = client.messages.create(
            model="claude-3-opus-20240229",
            max_tokens=100,
            messages=[{"role": "user", "content": "Hello"}],
        )
        assert reply == {"content": []}


check_replies()
