"""SKF402 and SKF406: every place a model id may live in, if it reaches a Claude request."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_examples import AS_OF

from skinflint.linter import config, engine
from skinflint.linter.findings import Finding
from skinflint.rules.base import Context
from skinflint.rules.retired_model import RetiredModel
from skinflint.rules.unknown_model import UnknownModel

OLD = "claude-3-5-sonnet-20241022"
NEVER = "claude-3-haiku-20240229"

HEAD = """\
import argparse
import enum
import functools
import json
import os
from dataclasses import dataclass, field
from typing import NamedTuple

import anthropic
from anthropic import Anthropic, AsyncAnthropic
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from anthropic.types.messages.batch_create_params import Request

client = Anthropic()


def send(model, text):
    return client.messages.create(
        model=model, max_tokens=99, messages=[{"role": "user", "content": text}]
    )


"""

#: Home -> code in which the id (OLD) is written once, at the line that ends in "# <-".
HOMES = {
    "the call": """
def ask(text):
    return client.messages.create(
        model="OLD",  # <-
        max_tokens=9, messages=[{"role": "user", "content": text}])
""",
    "a constant": """
MODEL = "OLD"  # <-
def ask(text):
    return send(MODEL, text)
""",
    "a default of a function": """
def ask(text, model="OLD"):  # <-
    return send(model, text)
""",
    "a keyword-only default": """
def ask(text, *, model: str = "OLD"):  # <-
    return send(model, text)
""",
    "a default of a constructor": """
class Bot:
    def __init__(self, model="OLD"):  # <-
        self.model = model
    def ask(self, text):
        return send(self.model, text)
""",
    "a default that is a constant": """
DEFAULT_MODEL = "OLD"  # <-
class Bot:
    def __init__(self, model: str | None = None):
        self.model = model or DEFAULT_MODEL
    def ask(self, text):
        return send(self.model, text)
""",
    "an if for None": """
class Bot:
    def __init__(self, model=None):
        if model is None:
            model = "OLD"  # <-
        self.model = model
    def ask(self, text):
        return send(self.model, text)
""",
    "a class attribute": """
class Bot:
    model = "OLD"  # <-
    def ask(self, text):
        return send(self.model, text)
""",
    "a class attribute by the name of the class": """
class Config:
    MODEL = "OLD"  # <-
def ask(text):
    return send(Config.MODEL, text)
""",
    "a setting without its blanks": """
MODEL = os.environ.get("M", "OLD").strip()  # <-
def ask(text):
    return send(MODEL, text)
""",
    "the default of a helper for settings": """
def setting(name, default=""):
    return os.environ.get(name, default).strip() or default
MODEL = setting("M", "OLD")  # <-
def ask(text):
    return send(MODEL, text)
""",
    "a base class": """
class Base:
    model = "OLD"  # <-
class Bot(Base):
    def ask(self, text):
        return send(self.model, text)
""",
    "a property": """
class Bot:
    @property
    def model(self):
        return "OLD"  # <-
    def ask(self, text):
        return send(self.model, text)
""",
    "a dataclass": """
@dataclass
class Settings:
    model: str = "OLD"  # <-
settings = Settings()
def ask(text):
    return send(settings.model, text)
""",
    "a dataclass with field()": """
@dataclass
class Settings:
    model: str = field(default="OLD")  # <-
settings = Settings()
def ask(text):
    return send(settings.model, text)
""",
    "a dataclass with a factory": """
@dataclass
class Settings:
    model: str = field(default_factory=lambda: os.getenv("M", "OLD"))  # <-
settings = Settings()
def ask(text):
    return send(settings.model, text)
""",
    "a dataclass handed in": """
@dataclass
class Settings:
    model: str = "OLD"  # <-
class Bot:
    def __init__(self, settings: Settings):
        self.settings = settings
    def ask(self, text):
        return send(self.settings.model, text)
""",
    "a dataclass that is made if none is given": """
@dataclass
class Settings:
    model: str = "OLD"  # <-
class Bot:
    def __init__(self, settings: Settings | None = None):
        self.settings = settings or Settings()
    def ask(self, text):
        return send(self.settings.model, text)
""",
    "a pydantic model": """
from pydantic import BaseModel, Field
class Settings(BaseModel):
    model: str = Field("OLD", description="which model")  # <-
settings = Settings()
def ask(text):
    return send(settings.model, text)
""",
    "pydantic settings": """
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    anthropic_model: str = "OLD"  # <-
@functools.lru_cache
def get_settings():
    return Settings()
def ask(text):
    return send(get_settings().anthropic_model, text)
""",
    "settings whose key the environment gives": """
from pydantic import Field
from pydantic_settings import BaseSettings
class Common(BaseSettings):
    api_key: str | None = None
class Settings(Common):
    base_url: str = Field(default="")
    anthropic_model: str = "OLD"  # <-
settings = Settings()
class Writer:
    def __init__(self):
        if not settings.api_key or not settings.base_url:
            self.client = None
            self.model = "none"
        else:
            self.client = Anthropic(api_key=settings.api_key)
            self.model = settings.anthropic_model
    def ask(self, text):
        return self.client.messages.create(
            model=self.model, max_tokens=9, messages=[{"role": "user", "content": text}])
""",
    "pydantic with a keyword default": """
from pydantic import BaseModel, Field
class Settings(BaseModel):
    model: str = Field(default="OLD")  # <-
def ask(text, settings: Settings):
    return send(settings.model, text)
""",
    "a NamedTuple": """
class Settings(NamedTuple):
    model: str = "OLD"  # <-
def ask(text):
    return send(Settings().model, text)
""",
    "os.getenv": """
def ask(text):
    return send(os.getenv("M", "OLD"), text)  # <-
""",
    "os.environ.get": """
MODEL = os.environ.get("M", "OLD")  # <-
def ask(text):
    return send(MODEL, text)
""",
    "os.environ.get or": """
MODEL = os.environ.get("M") or "OLD"  # <-
def ask(text):
    return send(MODEL, text)
""",
    "a get with a default": """
def ask(text, options):
    return send(options.get("model", "OLD"), text)  # <-
""",
    "a get with a constant": """
MODEL = "OLD"  # <-
def ask(text, cfg):
    return send(cfg.get("model") or MODEL, text)
""",
    "a file of settings": """
def ask(text):
    with open("settings.json") as file:
        cfg = json.load(file)
    return send(cfg.get("llm", {}).get("model", "OLD"), text)  # <-
""",
    "a table": """
MODELS = {
    "fast": "claude-haiku-4-5",
    "good": "OLD",  # <-
}
def ask(text, kind):
    return send(MODELS[kind], text)
""",
    "a table with get": """
MODELS = {
    "fast": "claude-haiku-4-5",
    "good": "OLD",  # <-
}
def ask(text, kind):
    return send(MODELS.get(kind, MODELS["fast"]), text)
""",
    "a table of records": """
MODELS = {
    "good": {"id": "OLD", "price": 3},  # <-
}
def ask(text, kind):
    return send(MODELS[kind]["id"], text)
""",
    "aliases": """
ALIASES = {"sonnet": "OLD"}  # <-
def ask(text, name):
    return send(ALIASES.get(name, name), text)
""",
    "a list that is tried": """
def ask(text):
    for model in (
        "OLD",  # <-
        "claude-haiku-4-5",
    ):
        try:
            return send(model, text)
        except anthropic.APIError:
            continue
""",
    "a mapping of defaults": """
DEFAULTS = {
    "model": "OLD",  # <-
    "max_tokens": 99,
}
def ask(text, **more):
    params = {**DEFAULTS, **more}
    return client.messages.create(messages=[{"role": "user", "content": text}], **params)
""",
    "a session": """
import streamlit as st
if "model" not in st.session_state:
    st.session_state["model"] = "OLD"  # <-
send(st.session_state["model"], st.text_input("?"))
send(st.session_state.get("model"), st.text_input("!"))
send(st.session_state.model, st.text_input("."))
""",
    "a table behind a session": """
import streamlit as st
DEFAULTS = {
    "direct": "OLD",  # <-
    "cloud": "anthropic.claude-3-5-sonnet-20241022-v2:0",
}
def reset():
    st.session_state.model = DEFAULTS[st.session_state.provider]
def main():
    if "model" not in st.session_state:
        reset()
    send(st.session_state.model, st.text_input("?"))
main()
""",
    "an enum": """
class Model(enum.Enum):
    GOOD = "OLD"  # <-
def ask(text):
    return send(Model.GOOD.value, text)
""",
    "a str enum": """
class Model(str, enum.Enum):
    GOOD = "OLD"  # <-
def ask(text, model: Model = Model.GOOD):
    return send(model, text)
""",
    "an enum by its name": """
class Model(enum.Enum):
    GOOD = "OLD"  # <-
def ask(text, name):
    return send(Model[name].value, text)
""",
    "a conditional": """
def ask(text, deep):
    return send("OLD" if deep else "claude-haiku-4-5", text)  # <-
""",
    "a function": """
def pick(deep):
    if deep:
        return "claude-opus-5-5"
    return "OLD"  # <-
def ask(text, deep):
    return send(pick(deep), text)
""",
    "a match": """
def pick(kind):
    match kind:
        case "deep":
            return "claude-opus-5-5"
        case _:
            return "OLD"  # <-
def ask(text, kind):
    return send(pick(kind), text)
""",
    "argparse": """
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="OLD")  # <-
    send(parser.parse_args().model, "hi")
main()
""",
    "click": """
import click
@click.command()
@click.option("--model", default="OLD")  # <-
def main(model):
    send(model, "hi")
""",
    "typer": """
import typer
def main(model: str = typer.Option("OLD", "--model")):  # <-
    send(model, "hi")
typer.run(main)
""",
    "an f-string": """
SIZE = "sonnet"
def ask(text):
    return send(f"claude-3-5-{SIZE}-20241022", text)  # <-
""",
    "a partial": """
ask = functools.partial(client.messages.create, model="OLD", max_tokens=9)  # <-
def run(text):
    return ask(messages=[{"role": "user", "content": text}])
""",
    "a batch of dicts": """
def run(texts):
    return client.messages.batches.create(requests=[
        {"custom_id": str(i), "params": {
            "model": "OLD",  # <-
            "max_tokens": 9, "messages": [{"role": "user", "content": text}]}}
        for i, text in enumerate(texts)
    ])
""",
    "a batch of Request": """
def run(texts):
    requests = []
    for i, text in enumerate(texts):
        requests.append(Request(custom_id=str(i), params=MessageCreateParamsNonStreaming(
            model="OLD",  # <-
            max_tokens=9, messages=[{"role": "user", "content": text}])))
    return client.messages.batches.create(requests=requests)
""",
    "a batch in the beta": """
MODEL = "OLD"  # <-
def run(texts):
    return client.beta.messages.batches.create(requests=[
        Request(custom_id=t, params={"model": MODEL, "max_tokens": 9,
                "messages": [{"role": "user", "content": t}]}) for t in texts])
""",
    "a batch by a helper": """
def one(i, text, model="OLD"):  # <-
    return {"custom_id": str(i), "params": {"model": model, "max_tokens": 9,
            "messages": [{"role": "user", "content": text}]}}
def run(texts):
    return client.messages.batches.create(requests=[one(i, t) for i, t in enumerate(texts)])
""",
    "a classmethod": """
class Settings:
    def __init__(self, model):
        self.model = model
    @classmethod
    def from_env(cls):
        return cls(model=os.getenv("M", "OLD"))  # <-
settings = Settings.from_env()
def ask(text):
    return send(settings.model, text)
""",
    "a module-level dict that is set": """
CONFIG = {}
CONFIG["model"] = "OLD"  # <-
def ask(text):
    return send(CONFIG["model"], text)
""",
    "getattr with a default": """
def ask(text, settings):
    return send(getattr(settings, "model", "OLD"), text)  # <-
""",
    "a pop with a default": """
def ask(text, **kw):
    model = kw.pop("model", "OLD")  # <-
    return send(model, text)
""",
    "streamlit": """
import streamlit as st
model = st.selectbox("Model", ["OLD", "claude-haiku-4-5"])  # <-
send(model, "hi")
""",
    "fastapi": """
import fastapi
app = fastapi.FastAPI()
@app.get("/ask")
def ask(text: str, model: str = fastapi.Query("OLD")):  # <-
    return send(model, text).content[0].text
""",
    "a get with a constant behind the comma": """
MODEL = "OLD"  # <-
def ask(text, cfg):
    return send(cfg.get("model", MODEL), text)
""",
    "counting": """
def count(text):
    return client.messages.count_tokens(
        model="OLD",  # <-
        messages=[{"role": "user", "content": text}])
""",
    "a stripped variable": """
MODEL = os.getenv("M", "OLD").strip()  # <-
def ask(text):
    return send(MODEL, text)
""",
    "a nested settings object": """
@dataclass
class Llm:
    model: str = "OLD"  # <-
@dataclass
class Settings:
    llm: Llm = field(default_factory=Llm)
settings = Settings()
def ask(text):
    return send(settings.llm.model, text)
""",
    "a field that the environment may set": """
@dataclass
class Settings:
    model: str = field(default_factory=lambda: os.getenv("M", "OLD"))  # <-
    def __post_init__(self):
        named = os.getenv("M", "")
        if named:
            self.model = named
class Bot:
    def __init__(self, settings: Settings = None):
        self.settings = settings or Settings()
    def ask(self, text):
        return send(self.settings.model, text)
""",
    "a class attribute that a constructor may set": """
class Bot:
    model = "OLD"  # <-
    def __init__(self, model=None):
        if model:
            self.model = model
    def ask(self, text):
        return send(self.model, text)
""",
    "the first that is marked in a list": """
OFFERED = [
    {"id": "claude-3-opus-20240229", "name": "Large"},
    {"id": "OLD", "name": "Good", "usual": True},  # <-
    {"id": "claude-3-haiku-20240307", "name": "Small", "usual": True},
]
MODEL = os.getenv("M", next((each["id"] for each in OFFERED if each.get("usual")), "none"))
def ask(text):
    return send(MODEL, text)
""",
    "what is taken where nothing is marked": """
OFFERED = [{"id": "claude-3-opus-20240229"}, {"id": "claude-3-haiku-20240307"}]
MODEL = next((each["id"] for each in OFFERED if each.get("usual")), "OLD")  # <-
def ask(text):
    return send(MODEL, text)
""",
    "what a thread is started with": """
import threading
def work(text, model):
    return send(model, text)
def main(text):
    threading.Thread(target=work, args=(text, "OLD")).start()  # <-
""",
    "what a thread is started with by name": """
import threading
class Desk:
    def work(self, text, model="claude-haiku-4-5"):
        return send(model, text)
    def main(self, text):
        threading.Thread(None, self.work, None, [text], {"model": "OLD"}).start()  # <-
Desk().main("hello")
""",
    "what a pool is handed": """
import multiprocessing
def work(text, model):
    return send(model, text)
def main(texts):
    model = "OLD"  # <-
    pool = multiprocessing.Pool(4)
    for text in texts:
        pool.apply_async(work, args=(text, model))
""",
    "one of several results": """
def prompt(rows, kind):
    text = ""
    for row in rows:
        text += f"{row}" if kind else str(row)
    if kind == "long":
        model = "OLD"  # <-
        limit = 4000
    else:
        model = "claude-haiku-4-5"
        limit = 400
    return text, model, limit
def ask(rows, kind):
    text, model, limit = prompt(rows, kind)
    params = dict(model=model, max_tokens=limit, messages=[{"role": "user", "content": text}])
    if kind:
        params["stop_sequences"] = ["END"]
    return client.messages.create(**params)
""",
}


def check(text: str, folder: Path, name: str = "app.py", *, preview: bool = True) -> list[Finding]:
    (folder / name).write_text(text)
    settings = config.load(None, None, isolated=True)
    rules = [RetiredModel(), UnknownModel()]
    context = Context(as_of=AS_OF, preview=preview)
    result = engine.check([str(folder / name)], rules, settings, context)
    assert result.problems == ()
    return list(result.findings)


@pytest.mark.parametrize("home", HOMES)
def test_a_retired_model_is_found_at_home(home: str, tmp_path: Path) -> None:
    code = HOMES[home].replace("OLD", OLD)
    lines = (HEAD + code).split("\n")
    (marked,) = (n for n, line in enumerate(lines, 1) if line.endswith("# <-"))
    found = check(HEAD + code, tmp_path)
    assert [(f.rule.id, f.primary.line) for f in found] == [("SKF402", marked)]
    assert f"{OLD}" in found[0].message


@pytest.mark.parametrize("home", HOMES)
def test_what_stands_for_a_missing_key_is_told_in_preview(home: str, tmp_path: Path) -> None:
    found = check(HEAD + HOMES[home].replace("OLD", OLD), tmp_path, preview=False)
    of_a_key = home in (
        *("a get with a default", "a file of settings", "a pop with a default"),
        "a get with a constant behind the comma",
    )
    assert len(found) == (0 if of_a_key else 1)


@pytest.mark.parametrize("home", [home for home in HOMES if '"OLD"' in HOMES[home]])
def test_an_unknown_model_is_found_at_home(home: str, tmp_path: Path) -> None:
    code = HOMES[home].replace("OLD", NEVER)
    assert [f.rule.id for f in check(HEAD + code, tmp_path)] == ["SKF406"]


@pytest.mark.parametrize(
    ("made", "id"),
    [
        ("anthropic.AnthropicBedrock()", "anthropic.claude-opus-4-1-20250805-v1:0"),
        ("anthropic.AnthropicBedrock()", "us.anthropic.claude-opus-4-1-20250805-v1:0"),
        ("anthropic.AnthropicBedrock()", "claude-3-opus-20240229"),
        ("anthropic.AnthropicBedrockMantle()", "anthropic.claude-opus-4-1"),
        ("anthropic.AnthropicVertex()", "claude-3-5-haiku@20241022"),
        ("anthropic.AnthropicVertex()", "claude-3-opus-20240229"),
        ("anthropic.AnthropicFoundry()", "claude-3-opus-20240229"),
        ("anthropic.Anthropic()", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
        (
            "anthropic.Anthropic()",
            "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-3",
        ),
        ("anthropic.Anthropic(base_url='https://llm.example.org')", "claude-3-opus-20240229"),
    ],
)
def test_partner_clouds_have_a_calendar_of_their_own(made: str, id: str, tmp_path: Path) -> None:
    code = HOMES["a constant"].replace("OLD", id)
    head = HEAD.replace("client = Anthropic()", f"client = {made}")
    assert check(head + code, tmp_path) == []


@pytest.mark.parametrize(
    "id",
    [
        "anthropic.claude-3-5-sonnet-20241022-v2:0",
        "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
        "global.anthropic.claude-sonnet-4-20250514-v1:0",
    ],
)
def test_what_has_ended_on_bedrock_is_told_by_its_calendar(id: str, tmp_path: Path) -> None:
    code = HOMES["a constant"].replace("OLD", id)
    head = HEAD.replace("client = Anthropic()", "client = anthropic.AnthropicBedrock()")
    (found,) = check(head + code, tmp_path)
    assert found.rule.id == "SKF402"
    assert "on Amazon Bedrock" in found.message
    assert found.fix is None


@pytest.mark.parametrize("made", ["anthropic.AnthropicAWS()", "anthropic.AnthropicGoogleCloud()"])
def test_who_serves_the_first_partys_ids_keeps_its_calendar(made: str, tmp_path: Path) -> None:
    head = HEAD.replace("client = Anthropic()", f"client = {made}")
    (found,) = check(head + HOMES["a constant"].replace("OLD", OLD), tmp_path)
    assert found.rule.id == "SKF402"


def test_what_reaches_no_request_is_let_alone(tmp_path: Path) -> None:
    code = """
PRICES = {"claude-3-opus-20240229": (15, 75), "claude-2.1": (8, 24)}
RETIRED = ("claude-3-opus-20240229",)
class Old(enum.Enum):
    OPUS = "claude-3-opus-20240229"
def price(model="claude-3-opus-20240229"):
    return PRICES.get(model, PRICES["claude-2.1"])
def ask(text, model="claude-sonnet-5-5"):
    if model in RETIRED:
        raise ValueError(model)
    print(price(model))
    return send(model, text)
"""
    assert check(HEAD + code, tmp_path) == []


@pytest.mark.parametrize(
    "pick",
    [
        "if MODEL:\n        return MODEL\n    return 'OLD'",
        "if MODEL is None:\n        return 'OLD'\n    return MODEL",
        "if MODEL == '':\n        return 'OLD'\n    return MODEL",
        "return MODEL if MODEL is not None else 'OLD'",
    ],
)
@pytest.mark.parametrize("default", [", 'gpt-4o'", ""])
def test_a_setting_with_a_text_of_its_own_is_never_empty(
    pick: str, default: str, tmp_path: Path
) -> None:
    code = f"""
MODEL = os.getenv("MODEL"{default})
def pick():
    {pick}
def ask(text):
    return send(pick(), text)
"""
    told = check(HEAD + code.replace("OLD", OLD), tmp_path)
    assert bool(told) is (default == "")


def test_an_empty_default_that_no_environment_fills_stays_empty(tmp_path: Path) -> None:
    code = HOMES["settings whose key the environment gives"].replace("OLD", OLD)
    assert check(HEAD + code, tmp_path, "set.py")
    plain = code.replace("class Common(BaseSettings)", "@dataclass\nclass Common")
    plain = plain.replace("class Settings(Common)", "@dataclass\nclass Settings(Common)")
    assert check(HEAD + plain, tmp_path, "plain.py") == []
    handed = code.replace("Settings()", "Settings(api_key=None)")
    assert check(HEAD + handed, tmp_path, "handed.py") == []


@pytest.mark.parametrize(
    "change",
    [
        ('st.session_state["model"] =', 'st.session_state["shown"] ='),  # another key
        ('st.session_state["model"] =', 'st.query_params["model"] ='),  # another store
        ("import streamlit as st", "import own.kept as st"),  # no store of a framework
    ],
)
def test_a_session_has_what_is_put_under_that_key(change: tuple[str, str], tmp_path: Path) -> None:
    code = HOMES["a session"].replace("OLD", OLD)
    assert check(HEAD + code.replace(*change), tmp_path) == []


def test_through_other_modules(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(
        "from dataclasses import dataclass\n\n\n@dataclass\nclass Settings:\n"
        f'    model: str = "{OLD}"\n\n\nsettings = Settings()\n'
    )
    (tmp_path / "tables.py").write_text(f'MODELS = {{"a": "claude-haiku-4-5", "b": "{NEVER}"}}\n')
    head = HEAD.replace("import anthropic\n", "import anthropic\nimport tables\n", 1)
    head = head.replace("\nclient =", "from settings import settings\n\nclient =", 1)
    code = """
def ask(text):
    return send(settings.model, text)
def other(text, kind):
    return send(tables.MODELS[kind], text)
"""
    found = check(head + code, tmp_path)
    assert [(f.rule.id, Path(f.primary.path).name, f.primary.line) for f in found] == [
        ("SKF402", "settings.py", 6),
        ("SKF406", "tables.py", 1),
    ]


def test_who_is_handed_an_object_knows_best_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(
        "import os\nfrom discord.ext import commands\n\n\nclass Bot(commands.Bot):\n"
        "    def __init__(self):\n"
        f'        self.model = os.getenv("MODEL", "{OLD}")\n'
    )
    head = HEAD.replace("\nclient =", "from bot import Bot\n\nclient =", 1)
    code = """
class Chat(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.model = bot.model
    async def on_message(self, message):
        return send(self.model, message.content)
async def setup(bot: commands.Bot):
    await bot.add_cog(Chat(bot))
"""
    (found,) = check(head + "from discord.ext import commands\n" + code, tmp_path)
    assert (Path(found.primary.path).name, found.primary.line) == ("bot.py", 7)


def test_which_of_a_table_is_the_default_is_not_said(tmp_path: Path) -> None:
    code = """
MODELS = {"good": "OLD", "fast": "claude-haiku-4-5"}
def ask(text):
    return send(MODELS.get(os.environ["KIND"], os.environ["MODEL"]), text)
"""
    (found,) = check(HEAD + code.replace("OLD", OLD), tmp_path)
    assert "default of" not in found.message


#: A prompt that is too much to be followed, and the model that goes with it.
_COSTLY = """
def prompt(rows, kind):
    blocks = [{"type": "text", "text": "You are a clerk."}]
    text = ""
PARTS
    model = "OLD" if kind == "long" else "claude-haiku-4-5"
    return blocks, text, model
def ask(rows, kind):
    blocks, text, model = prompt(rows, kind)
    return client.messages.create(
        model=model, max_tokens=9, system=blocks, messages=[{"role": "user", "content": text}])
"""
_PART = """
    if rows.get("a%d"):
        for row in rows["a%d"]:
            text = text + f"{row} %d" + str(rows)
            blocks.append({"type": "text", "text": text + f"line %d: {rows}"})
    elif kind == "%d":
        text = text.replace("a", "b") + str(len(blocks))
"""


def test_a_result_that_is_too_large_hides_no_other(tmp_path: Path) -> None:
    parts = "".join(_PART.replace("%d", str(n)) for n in range(40))
    (found,) = check(HEAD + _COSTLY.replace("PARTS", parts).replace("OLD", OLD), tmp_path)
    assert (found.rule.id, OLD in found.message) == ("SKF402", True)


LISTED = """
class Engines(enum.Enum):
    GOOD = "claude-sonnet-5-5"
    SONNET_35 = "OLD"
def ask(text, name):
    return send(Engines[name].value, text)
"""


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        (LISTED, False),
        (LISTED.replace("SONNET_35", "SECOND"), False),  # the new one has a name there
        (LISTED.replace("SONNET_35", "SECOND").replace("sonnet-5-5", "haiku-4-5"), True),
        (
            'MODELS = {"sonnet-3.5": "OLD", "haiku": "claude-haiku-4-5"}\n'
            "def ask(text, kind):\n    return send(MODELS[kind], text)\n",
            False,
        ),
        (
            'MODELS = {"sonnet": "OLD", "haiku": "claude-haiku-4-5"}\n'
            "def ask(text, kind):\n    return send(MODELS[kind], text)\n",
            True,
        ),
    ],
)
def test_a_list_of_models_keeps_their_names(code: str, fixed: bool, tmp_path: Path) -> None:
    (found,) = check(HEAD + code.replace("OLD", OLD), tmp_path)
    assert (found.fix is not None) is fixed
    assert fixed or "one of its own" in (found.no_fix or "")


def test_a_default_fails_where_nothing_else_is_given(tmp_path: Path) -> None:
    (found,) = check(HEAD + HOMES["a default of a function"].replace("OLD", OLD), tmp_path)
    assert "the request fails unless another is given." in found.message
    (found,) = check(HEAD + HOMES["a constant"].replace("OLD", OLD), tmp_path)
    assert "the request fails. " in found.message


def test_what_a_table_begins_with_is_the_default_not_what_is_never_asked_for(
    tmp_path: Path,
) -> None:
    code = """
def load():
    table = {"model": "OLD"}
    if os.path.exists("own.json"):
        with open("own.json") as file:
            table.update(json.load(file))
    return table
TABLE = load()
def change(key, value):
    TABLE[key] = value
def ask(text):
    return send(TABLE.get("model", "claude-3-opus-20240229"), text)
"""
    (found,) = check(HEAD + code.replace("OLD", OLD), tmp_path)
    assert found.message.startswith(f"{OLD} (default of key `model`)")


@pytest.mark.parametrize(
    "code",
    [
        """
MODELS = {"a": "OLD", "b": "claude-haiku-4-5", "c": "gpt-4o", "d": "gpt-4", "e": "o1",
          "f": "gemini-2.5-pro", "g": "llama-3", "h": "mistral", "i": "qwen", "j": "grok"}
def ask(text, name):
    return send(MODELS.get(name, name), text)
""",
        """
MODELS = {"a": "OLD", "b": "claude-haiku-4-5", "c": "gpt-4o", "d": "gpt-4", "e": "o1",
          "f": "gemini-2.5-pro", "g": "llama-3", "h": "mistral", "i": "qwen", "j": "grok"}
def ask(text, name):
    return send(MODELS[name], text)
""",
        """
import streamlit as st
OFFERED = ["OLD", "claude-haiku-4-5"]
chosen = st.selectbox("Which one?", OFFERED)
send(chosen, "hello")
""",
        """
OFFERED = ("OLD", "claude-haiku-4-5")
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=OFFERED)
    send(parser.parse_args().model, "hello")
main()
""",
    ],
)
def test_what_is_offered_is_told_of_once(code: str, tmp_path: Path) -> None:
    (found,) = check(HEAD + code.replace("OLD", OLD), tmp_path)
    assert (found.rule.id, "default of" in found.message) == ("SKF402", False)
    assert "a request that names it fails" in found.message


@pytest.mark.parametrize(
    ("template", "filled", "sent"),
    [
        ("Read {text}: {name, title}", ".format(text=text)", False),
        ('Give {"name": ...} of {text}', ".format(text=text)", False),
        ("Read {} and {}", ".format(text)", False),
        ("Read {text}}", ".format(text=text)", False),
        ('Give {{"name": ...}} of {text}', ".format(text=text)", True),
        ("Read {text} of {author}", ".format(text=text, **about())", True),
        ("Read {} and {}", ".format(*text)", True),
        ("Read {name, title}", "", True),
    ],
)
def test_a_text_that_fails_before_it_is_sent(
    template: str, filled: str, sent: bool, tmp_path: Path
) -> None:
    code = f"""
TEMPLATE = '''{template}'''
def ask(text, about):
    prompt = TEMPLATE{filled}
    return send("{OLD}", prompt)
"""
    assert bool(check(HEAD + code, tmp_path)) is sent


@pytest.mark.parametrize(
    "code",
    [
        """
def talk(question):
    messages = [{"role": "user", "content": question}]
    for _ in range(3):
        reply = client.messages.create(model="OLD", max_tokens=99, messages=messages)
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": "{then}".format(now=1)})
""",
        """
def ask(text, short):
    return send("OLD", text if short else "{then}".format(now=text))
""",
        """
def ask(text):
    try:
        text = "{then}".format(now=text)
    except KeyError:
        pass
    return send("OLD", text)
""",
    ],
)
def test_a_text_that_may_be_sent_before_or_besides(code: str, tmp_path: Path) -> None:
    assert check(HEAD + code.replace("OLD", OLD), tmp_path)
