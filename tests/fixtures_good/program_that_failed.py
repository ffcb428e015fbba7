"""What a program that the model wrote says when it fails, for a few attempts to mend it."""

import subprocess
import sys

import anthropic

client = anthropic.Anthropic()
ATTEMPTS = 3


def program(task: str) -> str:
    messages = [{"role": "user", "content": task}]
    for _attempt in range(ATTEMPTS):
        reply = client.messages.create(
            model="claude-sonnet-5-5", max_tokens=4000, messages=messages
        )
        code = reply.content[0].text
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        if run.returncode == 0:
            return code
        messages.append({"role": "assistant", "content": code})
        messages.append({"role": "user", "content": f"It failed:\n{run.stderr}"})
    raise RuntimeError("it can't be written")
