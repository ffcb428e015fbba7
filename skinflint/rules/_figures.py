"""Written by scripts/prove_rules.py: what the rules' examples gave when they were run."""

from __future__ import annotations

#: (rule, title of the example) -> the figure.
FIGURES = {
    (
        "SKF101",
        "A clock at the end of the marked policy of a web handler",
    ): "10 calls: hit rate 0%, after the fix 89%; the prompts then cost 7.0 times less.",
    (
        "SKF101",
        "A clock in a helper that a tool loop calls in every round",
    ): "8 calls: hit rate 0%, mended by hand 87%; the prompts then cost 6.0 times less.",
    (
        "SKF101",
        "A clock in front of a cached conversation",
    ): "10 calls: hit rate 0%, after the fix 89%; the prompts then cost 6.5 times less.",
    (
        "SKF103",
        "An id at the head of a marked prompt",
    ): "10 calls: hit rate 0%, after the fix 89%; the prompts then cost 7.1 times less.",
    (
        "SKF103",
        "A token at its end, new in every round of a tool loop",
    ): "8 calls: hit rate 0%, after the fix 82%; the prompts then cost 5.0 times less.",
    (
        "SKF104",
        "Name and profile glued to the shared prompt of a web handler",
    ): "10 calls: hit rate 0%, after the fix 89%; the prompts then cost 7.0 times less.",
    (
        "SKF104",
        "A record glued to the instructions of a nightly job",
    ): "10 calls: hit rate 0%, after the fix 89%; the prompts then cost 5.5 times less.",
    (
        "SKF105",
        "Passages found for the question in the marked system prompt",
    ): "10 calls: hit rate 0%, after the fix 58%; the prompts then cost 2.7 times less.",
    (
        "SKF105",
        "Memories in front of a cached conversation",
    ): "10 calls: hit rate 0%, after the fix 88%; the prompts then cost 5.9 times less.",
    (
        "SKF106",
        "A set of strings joined into the marked prompt",
    ): "6 calls: hit rate 50%, after the fix 83%; the prompts then cost 2.3 times less.",
    (
        "SKF106",
        "Pages in the order in which they arrived",
    ): "6 calls: hit rate 50%, mended by hand 83%; the prompts then cost 2.6 times less.",
    (
        "SKF107",
        "Stored options merged into the marked prompt",
    ): "9 calls: hit rate 78%, after the fix 89%; the prompts then cost 1.7 times less.",
    (
        "SKF108",
        "Tools as an MCP server lists them",
    ): "9 calls: hit rate 66%, after the fix 89%; the prompts then cost 2.4 times less.",
    (
        "SKF110",
        "A counter in a description, in every round of a tool loop",
    ): "8 calls: hit rate 0%, mended by hand 87%; the prompts then cost 6.0 times less.",
    (
        "SKF110",
        "The name of the user in a description",
    ): "10 calls: hit rate 0%, after the fix 90%; the prompts then cost 7.2 times less.",
    (
        "SKF113",
        "Old tool results emptied in every round",
    ): "20 calls: hit rate 30%, mended by hand 92%; the prompts then cost 2.8 times less.",
    (
        "SKF114",
        "The working tree in every round of an agent",
    ): "10 calls: hit rate 0%, after the fix 89%; the prompts then cost 7.1 times less.",
    (
        "SKF114",
        "The load of the machine, with each question",
    ): "10 calls: hit rate 0%, after the fix 89%; the prompts then cost 6.7 times less.",
    (
        "SKF201",
        "A chat without any breakpoint",
    ): "12 calls: hit rate 0%, after the fix 88%; the prompts then cost 5.1 times less.",
    (
        "SKF201",
        "A long system prompt for every part",
    ): "10 calls: hit rate 0%, after the fix 90%; the prompts then cost 5.8 times less.",
    (
        "SKF201",
        "A clock in front of rules that never change",
    ): "12 calls: hit rate 0%, mended by hand 88%; the prompts then cost 5.0 times less.",
    (
        "SKF202",
        "The sentence to work on in the marked system prompt",
    ): "10 calls: hit rate 0%, after the fix 89%; the prompts then cost 5.7 times less.",
    (
        "SKF203",
        "An agent that marks its system prompt only",
    ): "12 calls: hit rate 0%, after the fix 83%; the prompts then cost 4.1 times less.",
    (
        "SKF204",
        "A helper that marks each document",
    ): "5 of 5 calls are refused; after the fix, none is.",
    ("SKF204", "Five markers in one request"): "5 of 5 calls are refused; after the fix, none is.",
    (
        "SKF205",
        "Questions that are stored with their marker",
    ): "1 of 5 calls are refused; after the fix, none is.",
    (
        "SKF205",
        "The newest message marked in place",
    ): "1 of 5 calls are refused; after the fix, none is.",
    (
        "SKF206",
        "Tools for five minutes, rules for an hour",
    ): "5 of 5 calls are refused; after the fix, none is.",
    (
        "SKF208",
        "Two pages, marked for a model with a high minimum",
    ): "10 calls: hit rate 0%; without the marker it is the same.",
    (
        "SKF209",
        "Automatic caching for single letters",
    ): "10 calls: hit rate 0%, after the fix 90%; the prompts then cost 7.2 times less.",
    (
        "SKF210",
        "A marker on what the model thought",
    ): "3 of 3 calls are refused; after the fix, none is.",
    (
        "SKF210",
        "A marker on a tool that is loaded later",
    ): "3 of 3 calls are refused; after the fix, none is.",
    (
        "SKF213",
        "A marked block joined into a string",
    ): "10 calls: hit rate 0%, after the fix 90%; the prompts then cost 5.8 times less.",
    (
        "SKF301",
        "The newest thirty messages",
    ): "40 calls: hit rate 27%, after the fix 93%; the prompts then cost 5.7 times less.",
    (
        "SKF301",
        "The end of a longer list",
    ): "40 calls: hit rate 22%, after the fix 91%; the prompts then cost 4.1 times less.",
    (
        "SKF402",
        "The default of an environment variable",
    ): "3 of 3 calls are refused; after the fix, none is.",
    ("SKF402", "Constants named for a task"): "6 of 6 calls are refused; after the fix, none is.",
    (
        "SKF406",
        "One model's name with another's date",
    ): "3 of 3 calls are refused; mended by hand, none is.",
}
