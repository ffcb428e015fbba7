"""What grows in a bot's pending note is a handful of words, each held once, told in one message."""

import anthropic
from discord.ext import commands

client = anthropic.Anthropic()
bot = commands.Bot(command_prefix="!", intents=None)
pending = {"words": [], "title": "A walk"}


@bot.command()
async def change(ctx, *, wish: str):
    reply = client.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=300,
        messages=[
            {
                "role": "user",
                "content": f"Note {pending['title']}, words {', '.join(pending['words'])}: {wish}",
            }
        ],
    )
    for word in reply.content[0].text.split():
        if word not in pending["words"]:
            pending["words"].append(word)
    await ctx.send(", ".join(pending["words"]))
