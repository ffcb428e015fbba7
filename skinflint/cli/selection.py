"""Which rules run: what the configuration and the command line select, layer over layer.

The registry imports the rules that are asked for, so it is asked only when a selector is to be
checked or a request is to be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from skinflint.records import dataclass

if TYPE_CHECKING:
    from skinflint.linter.config import Settings
    from skinflint.linter.problems import Problem
    from skinflint.rules.base import Rule


@dataclass(frozen=True)
class Asked:
    """What the command line says about rules, the selectors as written."""

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False


class Rules(Sequence["Rule"]):
    """The rules of one configuration; loaded when somebody first looks into it."""

    def __init__(self, settings: Settings, asked: Asked) -> None:
        self._settings = settings
        self._asked = asked
        self._rules: tuple[Rule, ...] | None = None

    def _loaded(self) -> tuple[Rule, ...]:
        if self._rules is None:
            self._rules = tuple(rule() for rule in chosen(self._settings, self._asked))
        return self._rules

    @overload
    def __getitem__(self, index: int) -> Rule: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Rule]: ...
    def __getitem__(self, index: int | slice) -> Rule | Sequence[Rule]:
        return self._loaded()[index]

    def __len__(self) -> int:
        return len(self._loaded())

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._loaded())


def chosen(settings: Settings, asked: Asked) -> tuple[type[Rule], ...]:
    """The rules that run, sorted by id; a selector that fits no rule has no effect here.

    The configuration first: ``select`` (or the tiers), ``extend-select``, ``ignore``. The command
    line over it: ``--select`` starts anew, ``--extend-select`` adds, ``--ignore`` takes away.
    """
    from skinflint.rules.registry import find, select

    preview = settings.preview or asked.preview
    extend, ignore = _valid(asked.extend_select), _valid(asked.ignore)
    added = select(extend, ignore, preview=preview) if extend else ()
    if asked.select:
        own = _valid(asked.select)
        base = select(own, ignore, preview=preview) if own else ()
    else:
        start = _valid(settings.select or ())
        more, less = _valid(settings.extend_select), _valid(settings.ignore)
        if settings.select is None or start:
            base = select(start, less, more, preview=preview)
        else:
            base = select(more, less, preview=preview) if more else ()
        taken = {rule for selector in ignore for rule in find(selector)}
        base = tuple(rule for rule in base if rule not in taken)
    return tuple(sorted({*base, *added}, key=lambda rule: rule.id))


def selects_nothing(settings: Settings, asked: Asked) -> bool:
    """Whether what is said about rules leaves none to run."""
    if settings.select is None and not (settings.ignore or asked.select or asked.ignore):
        return False  # some rule runs, and the registry need not be asked
    return not chosen(settings, asked)


def named_in_full(settings: Settings, asked: Asked) -> frozenset[str]:
    """Ids of the rules that somebody selects by their full id or name: they report in tests too."""
    said = {*(settings.select or ()), *settings.extend_select, *asked.select, *asked.extend_select}
    if not said:
        return frozenset()
    from skinflint.rules.registry import names

    known = names()
    said = {selector.strip() for selector in said}
    ids = {selector.upper() for selector in said} & known.keys()
    return frozenset(ids | {known[name.lower()] for name in said if name.lower() in known})


def unknown_asked(asked: Asked) -> tuple[Problem, ...]:
    """A problem for each selector of the command line that fits no rule."""
    return (
        *_unknown("--select", "", asked.select),
        *_unknown("--extend-select", "", asked.extend_select),
        *_unknown("--ignore", "", asked.ignore),
    )


def unknown_settings(settings: Settings, path: str) -> tuple[Problem, ...]:
    """A problem for each selector of a configuration (shown as ``path``) that fits no rule."""
    return (
        *_unknown(path, "select: ", settings.select or ()),
        *_unknown(path, "extend-select: ", settings.extend_select),
        *_unknown(path, "ignore: ", settings.ignore),
        *(
            problem
            for pattern, selectors in settings.per_file_ignores.items()
            for problem in _unknown(path, f'per-file-ignores."{pattern}": ', selectors)
        ),
    )


def _unknown(path: str, key: str, selectors: Iterable[str]) -> Iterator[Problem]:
    if not selectors:
        return
    from skinflint.linter.problems import Problem
    from skinflint.rules.registry import UnknownRule, find

    for selector in dict.fromkeys(selectors):
        try:
            find(selector)
        except UnknownRule as error:
            advice = "" if error.near else "; skinflint rule --all lists the rules"
            yield Problem(path, "unknown-rule", f"{key}{error}{advice}")


def _valid(selectors: Iterable[str]) -> tuple[str, ...]:
    from skinflint.rules.registry import UnknownRule, find

    valid = []
    for selector in selectors:
        try:
            find(selector)
        except UnknownRule:
            continue  # said by unknown_asked and unknown_settings
        valid.append(selector)
    return tuple(valid)


def split(values: Iterable[str]) -> tuple[str, ...]:
    """``--select A,B --select C`` as ``(A, B, C)``, each once."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
