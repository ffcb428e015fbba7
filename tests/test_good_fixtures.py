"""Code that a hasty reader would report, and that is right: the command stays silent on it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

FIXTURES = sorted((Path(__file__).parent / "fixtures_good").glob("*.py"))


#: What makes a fixture bad: its name, what is written for what, and the rule that says so then.
TURNED = {
    "a role that the table has": (
        "a_frozen_table",
        '"USER_CACHED": "user"',
        '"USER_CACHED": "USER_CACHED"',
        "SKF210",
    ),
    "a client that is made without a model": (
        "set_with_the_client",
        "self.model = model\n",
        "self.model = model or self.model\n",
        "SKF402",
    ),
    "fields that are put in, not taken out": (
        "fields_taken_out",
        "            kept.pop(field)\n",
        "            kept[field] = None\n",
        "SKF108",
    ),
    "a block that each rejection adds": (
        "asked_again_without_a_field",
        'form = {name: value for name, value in form.items() if name != "output_config"}',
        'more = {"type": "text", "text": str(error), "cache_control": {"type": "ephemeral"}}\n'
        '                form["system"] = [*form["system"], more]',
        "SKF204",
    ),
    "a name that the table lacks": (
        "names_of_a_table",
        '{"claude-sonnet-4": "claude-opus-5-5", ',
        "{",
        "SKF406",
    ),
    "a setting that may be empty": (
        "always_set",
        'default="claude-opus-5-5"',
        'default=""',
        "SKF402",
    ),
    "a client that nobody stands in for": (
        "a_stand_in_that_answers",
        '        client.messages.create.return_value = {"content": []}\n',
        "",
        "SKF402",
    ),
    "settings that may keep their default": (
        "settings_that_are_always_read",
        ', model=os.environ.get("MODEL", "claude-opus-4-8")',
        "",
        "SKF402",
    ),
    "a template that is filled": (
        "fails_before_it_is_sent",
        "{name, title}",
        "names and titles",
        "SKF801",
    ),
    "a head that is long enough": (
        "short_head_of_each_patient",
        '"Say in plain words what this record is about. Never guess at a diagnosis."',
        'open("rules.txt").read()',
        "SKF104",
    ),
    "rounds that are no attempts": (
        "asked_for_json_again",
        "for _ in range(1 + MAX_RETRIES):",
        "for _ in range(9):",
        "SKF201",
    ),
    "a loop with tools": (
        "rounds_without_tools",
        "return ask(f\"What happened tonight? {os.environ['LOG']}\")",
        'return ask(os.environ["LOG"], [{"name": "look", "input_schema": {}}], print)',
        "SKF201",
    ),
    "each of the copies": (
        "marker_on_the_last_of_copies",
        "copies = [dict(tool) for tool in tools]",
        'copies = [{**tool, "cache_control": {"type": "ephemeral"}} for tool in tools]',
        "SKF204",
    ),
    "long instructions in front of each document": (
        "stages_over_one_meeting",
        '" * 12\n',
        '" * 120\n',
        "SKF104",
    ),
    "a budget of one question": (
        "talk_with_a_budget",
        "        if self.spent_tokens >= MOST_TOKENS:",
        "        self.spent_tokens = 0\n        if self.spent_tokens >= MOST_TOKENS:",
        "SKF303",
    ),
    "left out when somebody asks for it": (
        "talk_whose_results_are_left_out",
        "if self.count_tokens() > self.most_tokens:",
        'if question == "/short":',
        "SKF303",
    ),
    "a picture taken back": (
        "pictures_taken_out",
        "if count > MAX_PICTURES:",
        "if i == len(self.messages) - 1:",
        "SKF303",
    ),
    "a turn taken back": (
        "first_message_kept",
        "if len(self.messages) > 21:",
        'if question == "/undo":',
        "SKF303",
    ),
    "a result as long as a file": (
        "rounds_too_short_to_cache",
        'TIDES[given["quay"]]',
        'open(given["quay"]).read()',
        "SKF201",
    ),
    "a tool that is called with whole texts": (
        "rounds_too_short_to_cache",
        '"properties": {"quay"',
        '"properties": {"text": {"type": "string"}, "quay"',
        "SKF201",
    ),
    "a model that caches from less": (
        "rounds_too_short_to_cache",
        "claude-haiku-4-5-20251001",
        "claude-sonnet-4-5-20250929",
        "SKF201",
    ),
    "short rounds of a model that caches from less": (
        "short_rounds_of_any_model",
        'os.environ["MODEL"]',
        '"claude-sonnet-4-5-20250929"',
        "SKF201",
    ),
    "a page of the calendar of a model named elsewhere": (
        "short_rounds_of_any_model",
        "str(date.today())",
        'open("calendar.txt").read()',
        "SKF201",
    ),
    "a talk that goes on": (
        "rounds_too_short_to_cache",
        'messages = [{"role": "user", "content": question}]',
        'messages = TALK\n    messages.append({"role": "user", "content": question})',
        "SKF201",
    ),
    "records laid out": ("words_laid_out", "list[str]", "list[dict]", "SKF601"),
    "a field that may hold any number of others": (
        "few_fields_laid_out",
        '{"day": str(best["day"]), "hours": str(best["hours"])} if best else None',
        "best",
        "SKF601",
    ),
    "a field that may be a list": (
        "few_fields_looked_up",
        '"queen": hive.get("queen")',
        '"inspections": hive.get("inspections")',
        "SKF601",
    ),
    "a list among what is looked up": (
        "few_fields_looked_up",
        'hive.get("frames", 10)',
        'hive.get("frames", [])',
        "SKF601",
    ),
    "a model with a list, written by hand": (
        "few_fields_of_a_model",
        "    purpose: str\n",
        "    purposes: list[dict]\n",
        "SKF601",
    ),
    "what was checked, whole": (
        "names_of_checks_laid_out",
        "[name for name, holds in",
        "[holds for name, holds in",
        "SKF601",
    ),
    "a program run again and again": (
        "program_that_failed",
        "for _attempt in range(ATTEMPTS):",
        "while True:",
        "SKF306",
    ),
    "any number of notes": ("last_notes_laid_out", "[-5:]", "[-50:]", "SKF601"),
    "records by name": (
        "prose_in_a_few_fields",
        "by_place.get(letter.place, 0) + 1",
        "vars(letter)",
        "SKF601",
    ),
    "short whoever calls": (
        "marker_of_a_shared_helper",
        "        system=marked(HANDBOOK),\n        tools=TOOLS,\n",
        "        system=marked(BRIEF),\n",
        "SKF208",
    ),
    "a pace that the cache does not keep up with": (
        "paced_by_the_hour",
        "time.sleep(240)",
        "time.sleep(420)",
        "SKF207",
    ),
    "enough to be cached": ("cost_of_what_is_never_cached", "* 50", "* 120", "SKF701"),
    "a text that is measured and sent whole": (
        "words_laid_out",
        "text[:3000] + ",
        "text + ",
        "SKF601",
    ),
    "a report that a helper leaves whole": (
        "report_cut_by_a_helper",
        "        head = text[:most]\n",
        "        head = text\n",
        "SKF601",
    ),
    "a mark that is not set": (
        "marked_by_a_helper",
        "        mark_newest(messages)\n",
        "",
        "SKF203",
    ),
    "a copy that is not marked": (
        "marked_by_a_static_method",
        "        self._mark(sent)\n",
        "",
        "SKF203",
    ),
    "the way to send it chosen by something else": (
        "two_ways_of_one_flag",
        "        if marked\n",
        "        if len(RULES) < 3\n",
        "SKF203",
    ),
    "a proposal that is sent back": (
        "forms_filled_in_rounds",
        "                return block.input\n",
        "                print(block.input)\n",
        "SKF203",
    ),
    "a tool that is there as well": (
        "forms_filled_in_rounds",
        'form["name"] == "propose_tour"',
        'form["name"] != ""',
        "SKF203",
    ),
    "a note that is answered by what is in a file": (
        "forms_filled_in_rounds",
        '"content": done}',
        '"content": open(tour["name"]).read()}',
        "SKF203",
    ),
    "a tool of one's own besides the search": (
        "searched_by_the_server",
        "tools=[SEARCH]",
        'tools=[SEARCH, {"name": "visit", "input_schema": {"type": "object"}}]',
        "SKF203",
    ),
    "an errand that counts nothing": (
        "counted_by_its_errand",
        """        if self.rounds > self.most:
            self.state = State.GIVEN_UP
            return
""",
        "",
        "SKF801",
    ),
    "a buffer that stays full": (
        "sent_once_out_of_a_buffer",
        "    WAITING.clear()\n",
        "",
        "SKF303",
    ),
    "an interview that is never done": (
        "interview_that_ends_itself",
        '        if answer["done"]:\n            break\n',
        "",
        "SKF303",
    ),
    "an interview that only an error ends": (
        "interview_that_ends_itself",
        'if answer["done"]:',
        'if answer["error"]:',
        "SKF303",
    ),
    "a talk that is kept on the server": (
        "talk_in_a_cookie",
        "session\n\napp = Flask(__name__)\n",
        "session\nfrom flask_session import Session\n\napp = Flask(__name__)\nSession(app)\n",
        "SKF303",
    ),
    "rounds without an end": (
        "four_rounds_in_a_pool",
        "    for number in range(1, 5):\n",
        "    number = 0\n    while number := number + 1:\n",
        "SKF303",
    ),
    "all that was shown": (
        "first_part_of_what_was_shown",
        'message["content"] = message["content"][:1]',
        'print(message["content"][:1])',
        "SKF303",
    ),
    "a greeting in front of every talk": (
        "talk_about_one_report",
        '"content": text},',
        '"content": "Good morning!"},',
        "SKF303",
    ),
    "a mark for whatever somebody says": (
        "marked_by_a_helper",
        "            found.append(message)\n",
        '            block = {"type": "text", "text": str(text), "cache_control": MARK}\n'
        '            found.append({"role": "user", "content": [block]})\n',
        "SKF204",
    ),
    "a loop that somebody goes on with": (
        "agents_on_a_bus",
        "while turns < self.most_turns:",
        "while True:",
        "SKF303",
    ),
    "the newest turn taken back by its owner": (
        "trimmed_by_its_owner",
        """        if len(self.planner.messages) > self.longest:
            self.planner.messages.pop(1)
            self.planner.messages.pop(1)
""",
        "        self.planner.messages.pop()\n",
        "SKF303",
    ),
    "a tool whose result is sent back": (
        "paused_and_taken_up",
        'return "tool_use", calls',
        "continue",
        "SKF801",
    ),
    "the newest message behind the rules": (
        "rules_of_the_first_message",
        "rules = messages[0]",
        "rules = messages[-1]",
        "SKF202",
    ),
    "parts of what the user says": (
        "system_parts_by_role",
        '"text": rules',
        '"text": rules + messages[-1]["content"]',
        "SKF202",
    ),
    "pictures that nobody asked to be left out": (
        "pictures_left_out_by_a_helper",
        "KEEP = 10",
        "KEEP = 0",
        "SKF303",
    ),
    "a reply in a marked text that is long enough": (
        "language_in_a_short_prompt",
        'Titles are in "',
        'Titles are in " * 400',
        "SKF202",
    ),
    "the rest marked, too": (
        "two_newest_of_either_kind",
        "            sent.append(turn)\n",
        """            mark = {"type": "ephemeral"}
            block = {"type": "text", "text": str(turn["content"]), "cache_control": mark}
            sent.append({"role": turn["role"], "content": [block]})
""",
        "SKF204",
    ),
    "a mark on a copy that nobody sends": (
        "mark_moved_by_a_helper",
        'cast("dict[str, Any]", last[-1])',
        "dict(last[-1])",
        "SKF203",
    ),
    "none of the newest marked": (
        "newest_two_marked_before_a_copy",
        "        mark_newest(messages)\n",
        "",
        "SKF203",
    ),
    "the question in front of the conversation": (
        "talks_out_of_a_store",
        "system = RULES",
        "system = RULES + question",
        "SKF201",
    ),
    "two short prompts": (
        "one_mark_for_several_callers",
        'Path("handbook.md").read_text()',
        '"Say in two sentences what to do with the broken part."',
        "SKF208",
    ),
    "a server asked in each round": (
        "tools_listed_at_the_start",
        "tools=tools,",
        "tools=await definitions(session),",
        "SKF108",
    ),
    "one list for all errands": (
        "a_list_for_each_errand",
        'talk = []\nsay(talk, "When can I have a knife ground?")\nprint(work(talk)[-1])',
        "while errand := input():\n    say(talk, errand)\n    print(work(talk)[-1])",
        "SKF303",
    ),
    "errands that are never done": (
        "a_list_for_each_errand",
        "print(work(talk)[-1])",
        "while True:\n    say(talk, input())\n    print(work(talk)[-1])",
        "SKF303",
    ),
    "a talk of long replies": (
        "typed_talk_of_short_replies",
        "max_tokens=300",
        "max_tokens=4000",
        "SKF201",
    ),
    "a talk about files": (
        "typed_talk_of_short_replies",
        '"content": line}',
        '"content": open(line).read()}',
        "SKF201",
    ),
    "a lesson that reads what was left": (
        "question_of_a_lesson",
        'datetime.now().strftime("%H:%M")',
        'open("door.txt").read()',
        "SKF201",
    ),
    "a copy without a marker": (
        "marker_on_a_copy",
        '        content[-1] = {**content[-1], "cache_control": {"type": "ephemeral"}}\n',
        "",
        "SKF203",
    ),
    "rounds that are streamed": (
        "streamed_for_one_caller",
        "said = ask(messages)",
        "said = ask(messages, stream=True)",
        "SKF201",
    ),
    "priced behind a marker that works": (
        "priced_behind_a_short_marker",
        '"Find three rhymes."',
        '"Find three rhymes." * 400',
        "SKF701",
    ),
    "one marked question for each": (
        "marker_for_the_rounds",
        "            continue\n        break\n",
        "        break\n",
        "SKF202",
    ),
    "whole files put into a message": (
        "results_put_into_a_message",
        "return f\"90 degrees in the {given['room']}\"",
        "return open(given['room']).read()",
        "SKF201",
    ),
    "an answer that ends no loop": (
        "asked_again_when_busy",
        "if response.status_code != 429:",
        "if response.status_code == 429:",
        "SKF201",
    ),
    "each one marked by its place": (
        "one_marked_by_its_place",
        """    changed = dict(out[place])
    changed["content"] = [
        {"type": "text", "text": changed["content"], "cache_control": {"type": "ephemeral"}}
    ]
    out[place] = changed
""",
        """    for place in range(len(out)):
        changed = dict(out[place])
        changed["content"] = [
            {"type": "text", "text": changed["content"], "cache_control": {"type": "ephemeral"}}
        ]
        out[place] = changed
""",
        "SKF204",
    ),
    "all that was said, in one message": (
        "words_held_once",
        """        if word not in pending["words"]:
            pending["words"].append(word)
""",
        """        pending["words"].append(word)
""",
        "SKF303",
    ),
    "a field for the clock": (
        "clock_without_a_field",
        "{context}",
        "It is {current_time}.",
        "SKF101",
    ),
    "a rejected reply that is wanted": (
        "shown_to_be_rejected",
        "    client.messages.create(",
        "    first = client.messages.create(",
        "SKF901",
    ),
    "a step that is not kept": (
        "steps_on_a_screen",
        '    messages.append({"role": "assistant", "content": said})\n',
        "",
        "SKF401",
    ),
}


def checked(
    code: str, name: str, folder: Path, options: Iterable[str] = ()
) -> tuple[list[str], list[str], int]:
    copy = folder / f"{name}.py"
    copy.write_text(code, "utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "skinflint", "check", "--isolated"),
            *("--as-of", "2026-11-22", "--output-format", "json"),
            *options,
            copy.name,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    found = [f"{f['line']}: {f['rule']} {f['message']}" for f in report["findings"]]
    return found, report["errors"], done.returncode


def asked(rule: str) -> list[str]:
    """All that a rule has to say, what it is less sure of as well."""
    return ["--preview", f"--select={rule}"]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_nothing_is_reported(path: Path, tmp_path: Path) -> None:
    code = path.read_text("utf-8")
    assert checked(code, path.stem, tmp_path) == ([], [], 0)
    for rule in sorted({rule for name, _, _, rule in TURNED.values() if name == path.stem}):
        assert checked(code, path.stem, tmp_path, asked(rule)) == ([], [], 0)


@pytest.mark.parametrize("why", TURNED)
def test_what_is_turned_around_is_reported(why: str, tmp_path: Path) -> None:
    name, good, bad, rule = TURNED[why]
    code = (FIXTURES[0].parent / f"{name}.py").read_text("utf-8")
    assert code.count(good) == 1
    found, errors, _ = checked(code.replace(good, bad), name, tmp_path, asked(rule))
    assert (any(rule in each for each in found), errors) == (True, [])
