"""What comes into a message from outside, and whether anything keeps it short."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from reading import HEAD, sent

from skinflint.linter.request import Content, Intake

IMPORTS = """\
import base64
import json
import os
import subprocess
from pathlib import Path
import httpx
"""


def told(text: str) -> tuple[Content, ...]:
    """The contents of the first request of a module."""
    (request, *_) = sent(HEAD + IMPORTS + dedent(text))
    return request.contents()


def result(body: str, content: str = "use(block.input)", before: str = "") -> list[Intake]:
    """What comes into the result of a tool whose ``use(given)`` has this body."""
    module = f"""
{dedent(before)}
def use(given):
{indent(dedent(body), "    ")}

def work(task, rounds):
    messages = [{{"role": "user", "content": task}}]
    for _ in range(rounds):
        reply = client.messages.create(
            model="claude-opus-5-5", max_tokens=9, tools=TOOLS, messages=messages
        )
        messages.append({{"role": "assistant", "content": reply.content}})
        results = []
        for block in reply.content:
            results.append(
                {{"type": "tool_result", "tool_use_id": block.id, "content": {content}}}
            )
        messages.append({{"role": "user", "content": results}})
"""
    return [intake for each in told(module) for intake in each.intakes]


def shorts(found: list[Intake]) -> list[tuple[str, int]]:
    return [(each.kind, each.short) for each in found]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return Path(given['path']).read_text()", "file"),
        ("with open(given['path']) as file:\n    return file.read()", "file"),
        ("text = open(given['path']).read()\nreturn f'Read:\\n{text.strip()}'", "file"),
        ("return '\\n'.join(open(given['path']).readlines())", "file"),
        ("return httpx.get(given['url']).text", "http"),
        ("page = httpx.get(given['url'])\nreturn json.dumps({'body': page.text})", "http"),
        ("done = subprocess.run(given['cmd'], capture_output=True)\nreturn done.stdout", "process"),
        ("return subprocess.check_output(['python', given['script']], text=True)", "process"),
        ("shot = open('a.png', 'rb').read()\nreturn base64.b64encode(shot).decode()", "base64"),
        ("return str(base64.b64encode(given['data']), 'ascii')", "base64"),
    ],
)
def test_what_comes_in_whole(body: str, kind: str) -> None:
    assert shorts(result(body)) == [(kind, 0)]


@pytest.mark.parametrize(
    ("body", "short"),
    [
        ("return Path(given['path']).read_text()[:2000]", 2),
        ("text = open(given['path']).read()\nreturn text[-2000:]", 2),
        ("text = open(given['path']).read()\ntext = text[:2000]\nreturn text", 2),
        ("return f'{open(given[\"path\"]).read():.2000}'", 2),
        ("text = open(given['path']).read()\nif len(text) > 9000:\n    return ''\nreturn text", 1),
        (
            "path = Path(given['p'])\nif path.stat().st_size > 9:\n    return ''\n"
            "return path.read_text()",
            1,
        ),
        ("done = subprocess.run(given['cmd'])\nreturn done.stdout[:500] + done.stderr[:500]", 2),
    ],
)
def test_what_keeps_it_short(body: str, short: int) -> None:
    assert {each.short for each in result(body)} == {short}


@pytest.mark.parametrize(
    "body",
    [
        "return Path('notes.md').read_text()",
        "return (Path(__file__).parent / 'guide.md').read_text()",
        "return subprocess.run(['git', 'status'], capture_output=True).stdout",
        "return subprocess.run(['git', 'rev-parse', given['ref']]).stdout",
        "return subprocess.run(['git', 'log', '-5', given['ref']]).stdout",
        "return subprocess.check_output(f'ls -la {given[\"path\"]}', shell=True).decode()",
        "return httpx.get(f'https://wttr.example/{given[\"town\"]}?format=3').text",
        "url = 'https://wttr.example/' + given['town']\nreturn httpx.get(url).text",
        "return open(given['path']).read(4000)",
        "return truncate_output(Path(given['path']).read_text())",
        "return str(len(Path(given['path']).read_text()))",
        "return str(httpx.get(given['url']).status_code)",
        "return httpx.post(given['url'], json={}).text",
        "return summarise(Path(given['path']).read_text())",
        "return base64.b64encode(given['text'].encode()).decode()",
        "return elsewhere.read(given['path'])",
    ],
)
def test_what_nobody_can_say_of_that_it_is_long(body: str) -> None:
    assert result(body) == []


def test_helpers_tables_and_callers_are_followed() -> None:
    before = """
    def read(path):
        return Path(path).read_text()

    def run(cmd):
        return subprocess.run(cmd, shell=True, text=True).stdout

    HANDLERS = {"read": read, "run": run}
    """
    body = "handler = HANDLERS[given['name']]\nreturn handler(given['what'])"
    assert [each.kind for each in result(body, before=before)] == ["file", "process"]
    (found, _) = result(body, before=before)
    assert found.name == "read_text()"
    assert found.trail[0].label == "read_text() comes in here"
    assert [step.label for step in found.trail[1:]] == [
        "handed on by read()",
        "handed on by use()",
    ]


def test_a_fixed_path_that_is_handed_in_is_a_fixed_path() -> None:
    before = "def read(path):\n    return Path(path).read_text()\n"
    assert result("return read('prompts/house.md')", before=before) == []
    assert shorts(result("return read(given['path'])", before=before)) == [("file", 0)]


def test_a_method_that_puts_it_into_the_conversation() -> None:
    (content,) = told(
        """
        class Agent:
            def __init__(self):
                self.messages = []

            def put(self, ident, text):
                block = {"type": "tool_result", "tool_use_id": ident, "content": text}
                self.messages.append({"role": "user", "content": [block]})

            def work(self, task):
                self.messages.append({"role": "user", "content": task})
                for _ in range(9):
                    reply = client.messages.create(
                        model="claude-opus-5-5", max_tokens=9, messages=self.messages
                    )
                    for call in reply.content:
                        self.put(call.id, Path(call.input["path"]).read_text())
        """
    )
    assert [each.kind for each in content.intakes] == ["file"]


def test_only_the_field_that_is_read_comes_in() -> None:
    body = """
    shot = given["page"].screenshot()
    return {"title": "A", "picture": base64.b64encode(shot).decode()}
    """
    assert result(body, "use(block.input)['title']") == []
    assert shorts(result(body, "json.dumps(use(block.input))")) == [("base64", 0)]


def test_a_field_that_somebody_takes_out_is_no_text() -> None:
    body = """
    seen = {"title": "A", "picture": base64.b64encode(given["shot"]).decode()}
    picture = seen.pop("picture")
    save(picture)
    return json.dumps(seen)
    """
    assert result(body) == []


@pytest.mark.parametrize("kind", ["image", "document"])
def test_the_data_of_a_block_is_no_text(kind: str) -> None:
    body = f"""
    data = base64.b64encode(open(given["path"], "rb").read()).decode()
    return [{{"type": "{kind}", "source": {{"type": "base64", "data": data}}}}]
    """
    assert result(body) == []


def test_another_branch_is_another_value() -> None:
    body = """
    if given["picture"]:
        content = base64.b64encode(open(given["path"], "rb").read()).decode()
        save(content)
        return "saved"
    else:
        content = "nothing"
        return content
    """
    assert result(body) == []


def test_what_a_data_url_says() -> None:
    (content,) = told(
        """
        def look(path):
            data = base64.b64encode(open(path, "rb").read()).decode()
            return client.messages.create(
                model="claude-opus-5-5",
                max_tokens=9,
                messages=[{"role": "user", "content": f"See data:image/webp;base64,{data}"}],
            )
        """
    )
    (found,) = content.intakes
    assert (found.kind, found.media) == ("base64", "image/webp")
    assert content.is_text


def test_recursion_comes_to_an_end() -> None:
    body = "return use(given) + use(given['more'])"
    assert result(body) == []


def test_lambdas_in_a_table() -> None:
    before = """
    TOOLS_BY_NAME = {
        "read": lambda given: Path(given["path"]).read_text(),
        "head": lambda given: Path(given["path"]).read_text()[:100],
    }
    """
    found = result("return TOOLS_BY_NAME[given['name']](given)", before=before)
    assert sorted(shorts(found)) == [("file", 0), ("file", 2)]


def test_functions_that_a_decorator_registers() -> None:
    before = """
    REGISTRY = {}

    def tool(name):
        def register(function):
            REGISTRY[name] = function
            return function
        return register

    @tool("run")
    def run_it(cmd):
        return subprocess.run(cmd, shell=True, text=True).stdout
    """
    found = result("use_it = REGISTRY[given['name']]\nreturn use_it(**given)", before=before)
    assert shorts(found) == [("process", 0)]


def test_a_length_that_is_only_shown_is_no_limit() -> None:
    body = """
    text = Path(given["path"]).read_text()
    shown = text[:100] if len(text) > 100 else text
    print(shown)
    return text
    """
    assert shorts(result(body)) == [("file", 0)]


def test_an_agent_that_is_a_class() -> None:
    (content,) = told(
        """
        import asyncio

        class Agent:
            def __init__(self):
                self.messages = []
                self.tools = {"read": self.read_file, "run": self.run}

            def read_file(self, path):
                with open(path, encoding="utf-8") as file:
                    return file.read()

            def run(self, command):
                done = subprocess.run(command, shell=True, capture_output=True, text=True)
                output = done.stdout
                if done.stderr:
                    output += done.stderr
                return json.dumps({"ok": done.returncode == 0, "output": output})

            async def web(self, url):
                async with httpx.AsyncClient() as web:
                    page = await web.get(url, timeout=10)
                    return page.text

            async def one(self, call):
                match call.name:
                    case "web":
                        result = await self.web(call.input["url"])
                    case _:
                        result = await asyncio.to_thread(self.tools[call.name], **call.input)
                return {"type": "tool_result", "tool_use_id": call.id, "content": result}

            async def ask(self, question):
                self.messages.append({"role": "user", "content": question})
                for _ in range(20):
                    reply = await client.messages.create(
                        model="claude-opus-5-5", max_tokens=9, messages=self.messages
                    )
                    self.messages.append({"role": "assistant", "content": reply.content})
                    results = []
                    for block in reply.content:
                        if block.type == "tool_use":
                            results.append(await self.one(block))
                    self.messages.append({"role": "user", "content": results})
        """
    )
    assert [each.kind for each in content.intakes] == ["file", "process", "process", "http"]
    assert not any(each.short for each in content.intakes)


def taken_apart(use: str, made: str = "number(given), shot(given)") -> list[str]:
    """The kinds of what comes into a text, ``use`` of what ``both(given)`` hands back."""
    before = f"""
    def shot(given):
        return base64.b64encode(Path(given["path"]).read_bytes()).decode()
    def number(given):
        return given["number"]
    def both(given):
        return {made}
    """
    return [each.kind for each in result(use, before=before)]


@pytest.mark.parametrize(
    ("use", "kinds"),
    [
        ("count, data = both(given)\nreturn data", ["base64"]),
        ("count, data = both(given)\nreturn count", []),
        ("return both(given)[1]", ["base64"]),
        ("return both(given)[0]", []),
        ("count, *rest = both(given)\nreturn rest", ["base64"]),
        ("return ''.join(both[1] for at, both in enumerate([both(given)]))", ["base64"]),
        ("return ''.join(str(at) for at, both in enumerate([shot(given)]))", []),
        ("return ''.join(data for at, data in zip([1], [shot(given)]))", ["base64"]),
        ("return ''.join(at for at, data in zip([given], [shot(given)]))", []),
        ("return ''.join(data for count, data in [both(given)])", ["base64"]),
        ("return ''.join(count for count, data in [both(given)])", []),
    ],
)
def test_what_is_taken_apart_is_followed_apart(use: str, kinds: list[str]) -> None:
    assert taken_apart(use) == kinds


def test_what_a_generator_yields_is_one_of_many() -> None:
    before = """
    def pages(given):
        yield given["name"], base64.b64encode(Path(given["path"]).read_bytes()).decode()
    """
    whole = "return ''.join({} for name, data in pages(given))"
    assert [each.kind for each in result(whole.format("data"), before=before)] == ["base64"]
    assert result(whole.format("name"), before=before) == []
