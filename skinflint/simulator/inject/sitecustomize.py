"""Runs in the program that ``skinflint prove`` starts: says where each request comes from.

Python imports a module of this name when it starts. It changes nothing of what the program sends
but one header, and it stands in front of no other ``sitecustomize``. Only the standard library, and
only what Python 3.8 has: the program runs with a Python of its own.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from types import CodeType, FrameType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

_ADDRESS = os.environ.get("SKINFLINT_PROVE_URL", "")
_HOST = os.environ.get("SKINFLINT_PROVE_HOST", "")
_HEADER = os.environ.get("SKINFLINT_PROVE_HEADER", "")
_HERE = os.path.dirname(os.path.abspath(__file__))
#: HTTP libraries of the SDK's versions.
_LIBRARIES = ("httpx", "httpx2")
#: Packages between the program and the wire: their frames are not where a request is made.
_BETWEEN = ("anthropic", "httpx", "httpx2", "httpcore", "httpcore2", "anyio", "sniffio")
_MOST_FRAMES = 12
_ORIGIN_DEPTH = 16


class _Watcher:
    """Finds nothing itself; once a library is imported, its clients are wrapped."""

    def __init__(self) -> None:
        self._looking: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in _LIBRARIES or name in self._looking:
            return None
        import importlib.util

        self._looking.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._looking.discard(name)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return spec
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            with suppress(Exception):  # the program comes first; its requests stay without a place
                _wrap(module)

        with suppress(AttributeError):
            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _wrap(module: Any) -> None:
    """Make the clients of an HTTP library add the header."""
    import functools

    _track_coroutines()
    send = module.Client.send
    send_async = module.AsyncClient.send

    @functools.wraps(send)
    def sending(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        _sign(request)
        return send(self, request, *args, **kwargs)

    @functools.wraps(send_async)
    async def sending_async(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        _sign(request)
        return await send_async(self, request, *args, **kwargs)

    module.Client.send = sending
    module.AsyncClient.send = sending_async


def _track_coroutines() -> None:
    """Let coroutines remember who made them: a task does not know who awaits its result."""
    import asyncio.base_events as events

    sys.set_coroutine_origin_tracking_depth(_ORIGIN_DEPTH)
    run = events.BaseEventLoop.run_forever

    def run_forever(self: Any) -> None:
        sys.set_coroutine_origin_tracking_depth(_ORIGIN_DEPTH)  # it holds for one thread
        run(self)

    events.BaseEventLoop.run_forever = run_forever  # type: ignore[method-assign]


def _sign(request: Any) -> None:
    """Put the header on a request that goes to the simulator, or would go to the real API."""
    with suppress(Exception):  # a request without a place is better than none
        if request.url.host == _HOST:
            request.url = request.url.copy_with(**_target())
            request.headers["host"] = _ADDRESS.split("//", 1)[-1]
        elif not str(request.url).startswith(_ADDRESS + "/"):
            return
        frames = _stack()
        if frames:
            request.headers[_HEADER] = frames


def _target() -> dict[str, Any]:
    from urllib.parse import urlsplit

    parts = urlsplit(_ADDRESS)
    return {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port}


def _stack() -> str:
    """The frames of the program that lead to this request, innermost first.

    What a task runs was called by whoever made its coroutine, not by the event loop.
    """
    found: list[str] = []
    coroutine = _coroutine()
    outermost = getattr(coroutine, "cr_frame", None)
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and len(found) < _MOST_FRAMES:
        if _is_program(frame.f_code.co_filename):
            found.append(_shown(frame.f_code, *_lines(frame)))
        if frame is outermost:
            for path, line, function in getattr(coroutine, "cr_origin", None) or ():
                if _is_program(path):
                    found.append(_field(path, line, line, function))
        frame = frame.f_back
    return ";".join(found[:_MOST_FRAMES])


def _coroutine() -> Any:
    """The coroutine of the task that is running, None outside of tasks."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return None
    return task.get_coro() if task is not None else None


def _lines(frame: FrameType) -> tuple[int, int]:
    """First and last line of the call that a frame is in."""
    line = frame.f_lineno or 0
    positions = getattr(frame.f_code, "co_positions", None)
    if positions is not None:
        import itertools

        at = next(itertools.islice(positions(), frame.f_lasti // 2, None), None)
        if at is not None and at[0] is not None and at[1] is not None:
            return at[0], at[1]
    return line, line


def _shown(code: CodeType, line: int, end: int) -> str:
    name = getattr(code, "co_qualname", code.co_name)
    return _field(code.co_filename, line, end, name)


def _field(path: str, line: int, end: int, function: str) -> str:
    from urllib.parse import quote

    return f"{quote(os.path.abspath(path))}:{line}:{end}:{quote(function)}"


def _is_program(path: str) -> bool:
    """Whether a file is the program's own rather than the interpreter's or a library in between."""
    if path.startswith("<") and not path.startswith("<ipython"):
        return False
    path = os.path.abspath(path)
    if path.startswith(_HERE + os.sep):
        return False
    for mark in ("site-packages", "dist-packages"):
        _, found, rest = path.partition(os.sep + mark + os.sep)
        if found:
            return rest.split(os.sep)[0] not in _BETWEEN
    return not any(path.startswith(root + os.sep) for root in _LIBRARY_ROOTS)


def _library_roots() -> tuple[str, ...]:
    import sysconfig

    roots = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
    return tuple(os.path.abspath(root) for root in roots if root)


def _run_the_other() -> None:
    """Import the ``sitecustomize`` that would have been imported without this one."""
    import importlib.util

    kept = list(sys.path)
    sys.path[:] = [entry for entry in kept if os.path.abspath(entry or ".") != _HERE]
    mine = sys.modules.pop("sitecustomize", None)
    try:
        with suppress(ImportError):
            if importlib.util.find_spec("sitecustomize") is not None:
                __import__("sitecustomize")
    finally:
        if mine is not None:
            sys.modules.setdefault("sitecustomize", mine)
        sys.path[:] = kept


if _ADDRESS and _HEADER:
    _LIBRARY_ROOTS = _library_roots()
    sys.meta_path.insert(0, _Watcher())
_run_the_other()
