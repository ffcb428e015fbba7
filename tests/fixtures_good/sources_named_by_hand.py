"""A tool that files the recipes somebody names on its command line, one after the other.

Facts: the requests don't need each other, but whoever typed the addresses waits for them and sees
each one filed; there are few of them. The recipe is written with high effort: the model is meant.
"""

import argparse

import anthropic
import requests
from pydantic import BaseModel

client = anthropic.Anthropic()


class Recipe(BaseModel):
    name: str
    teaser: str
    servings: str
    steps: list[str]


def extract_recipe(text):
    reply = client.messages.parse(
        model="claude-opus-5-5",
        max_tokens=6000,
        thinking={"type": "adaptive"},
        output_config={"effort": "high"},
        messages=[{"role": "user", "content": f"Write down the recipe told in this text:\n{text}"}],
        output_format=Recipe,
    )
    if reply.parsed_output is None:
        raise RuntimeError("no recipe")
    return reply.parsed_output


def main():
    options = argparse.ArgumentParser()
    options.add_argument("pages", nargs="*")
    options.add_argument("--listed-in")
    given = options.parse_args()
    pages = list(given.pages)
    if given.listed_in:
        with open(given.listed_in) as file:
            pages += [line.strip() for line in file]
    for page in pages:
        recipe = extract_recipe(requests.get(page, timeout=30).text)
        kept = {"name": recipe.name, "steps": recipe.steps, "for": recipe.servings}
        requests.post("https://kitchen.example/recipes", json=kept, timeout=30)


if __name__ == "__main__":
    main()
