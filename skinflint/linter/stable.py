"""``[tool.skinflint.assume] stable``: names whose values don't change between calls."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from skinflint.linter.activation import InstanceHandle
from skinflint.linter.spans import Span
from skinflint.linter.values import Object, Unknown, Value, with_keys
from skinflint.records import replace


class Stable:
    """The names of one configuration, as they are written in code or with their module.

    ``*`` stands for any part of a name. What is taken out of something stable is stable too.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._patterns = tuple(sorted(name for name in self._names if "*" in name))
        self._qualified = tuple(sorted(name for name in self._names if "." in name))

    def __bool__(self) -> bool:
        return bool(self._names)

    def __contains__(self, path: str) -> bool:
        """Whether a name or dotted path is stable as written: ``PROMPT``, ``self.profile``."""
        while path:
            if path in self._names or any(fnmatchcase(path, each) for each in self._patterns):
                return True
            path = path.rpartition(".")[0]
        return False

    def covers(self, qualified: str) -> bool:
        """Whether a name with its module is stable: ``myapp.prompts.PROMPT``.

        The name of a module that is here may say more in front (``src.myapp.prompts``).
        """
        while "." in qualified:
            if any(
                fnmatchcase(qualified, name) or fnmatchcase(qualified, f"*.{name}")
                for name in self._qualified
            ):
                return True
            qualified = qualified.rpartition(".")[0]
        return False


def settled(value: Value, name: str, span: Span) -> Value:
    """The value of something stable: what is known of it, and nothing in it moves."""
    if isinstance(value, Unknown):
        reason = f"`{name}` is declared stable"
        return replace(value, reason=reason, span=span, frame=(), keys=(), entry="configuration")
    if isinstance(value, Object) and isinstance(value.handle, InstanceHandle):
        return replace(value, handle=replace(value.handle, stable=True))
    return with_keys(value, lambda keys: ())
