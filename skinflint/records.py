"""Data classes that cost next to nothing to define.

``dataclasses`` writes and compiles up to six methods for each class when its module is imported;
over the classes of a check that takes longer than the check of a file. Here all classes share their
methods. An ``__init__`` of its own, which is faster, is written for a class that turns out to have
many instances.

To type checkers these are the names of ``dataclasses``, and they mean the same. What is left out
nobody here uses: inheritance, ordering, ``InitVar`` and ``__post_init__``. ``dataclasses.replace``
and ``dataclasses.fields`` take such objects, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, cast

#: Instances that are made before it pays to write and compile an ``__init__``.
_FEW = 20


#: Fields from which on it pays to set them while the object is of another class.
_MANY = 4
#: What sets the class of an object past its ``__setattr__``.
_BECOME: Any = object.__dict__["__class__"].__set__


class _Required:
    """Stands for the default of a field that has none."""


class _Field(NamedTuple):
    name: str = ""
    default: object = _Required
    factory: Callable[[], object] | None = None
    init: bool = True
    repr: bool = True
    compare: bool = True


def _field(
    *,
    default: object = _Required,
    default_factory: Callable[[], object] | None = None,
    init: bool = True,
    repr: bool = True,
    compare: bool = True,
) -> Any:
    return _Field("", default, default_factory, init, repr, compare)


def _dataclass(
    cls: type | None = None,
    /,
    *,
    frozen: bool = False,
    slots: bool = False,
    eq: bool = True,
    repr: bool = True,
) -> Any:
    if cls is None:
        return lambda cls: _made(cls, frozen, slots, eq, repr)
    return _made(cls, frozen, slots, eq, repr)


def _made(cls: type, frozen: bool, slots: bool, eq: bool, repr: bool) -> type:
    body = dict(vars(cls))
    fields: list[_Field] = []
    for name, annotation in cls.__annotations__.items():
        if annotation.startswith("ClassVar"):
            continue
        default = body.get(name, _Required)
        if isinstance(default, _Field):
            field = default._replace(name=name)
        else:
            field = _Field(name, default)
        fields.append(field)
        if slots or isinstance(default, _Field):
            body.pop(name, None)
    names = tuple(field.name for field in fields)
    if slots:
        body["__slots__"] = names
    for unwanted in ("__dict__", "__weakref__"):
        body.pop(unwanted, None)
    body["__match_args__"] = names
    body["__record_fields__"] = tuple(fields)
    body["__record_given__"] = tuple(field.name for field in fields if field.init)
    body["__record_frozen__"] = frozen
    body["__dataclass_fields__"] = _DataclassFields()
    body["__init__"] = _first_init
    body["__record_made__"] = 0
    body["__record_replaced__"] = 0
    if repr:
        body["__repr__"] = _repr
    if eq:
        compared = [field.name for field in fields if field.compare]
        body["__record_compared__"] = attrgetter(*compared or ["__class__"])
        body["__eq__"] = _eq
        body["__hash__"] = _hash if frozen else None
    if frozen:
        body["__setattr__"] = _frozen_setattr
        body["__delattr__"] = _frozen_delattr
    return type(cls.__name__, cls.__bases__, body)


def _first_init(self: Any, /, *args: object, **kwargs: object) -> None:
    """The ``__init__`` of the first few instances, and of arguments that are wrong: any class's."""
    cls = type(self)
    cls.__record_made__ += 1
    values = _values(cls, args, kwargs) if cls.__record_made__ <= _FEW else None
    if values is None:  # the one that is written now also says what is wrong
        cls.__init__ = _written_init(cls)
        self.__init__(*args, **kwargs)
        return
    for name, value in values.items():
        object.__setattr__(self, name, value)


def _values(
    cls: Any, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> dict[str, object] | None:
    """The value of each field, None if the arguments are not what the class takes."""
    given = dict(zip(cls.__record_given__, args, strict=False), **kwargs)
    if len(given) < len(args) + len(kwargs):
        return None
    values: dict[str, object] = {}
    for name, default, factory, init, _, _ in cls.__record_fields__:
        if init and name in given:
            values[name] = given.pop(name)
        elif factory is not None:
            values[name] = factory()
        elif default is not _Required:
            values[name] = default
        else:
            return None
    return None if given else values


def _written_init(cls: Any) -> Callable[..., None]:
    known: dict[str, object] = {"_required": _Required, "_set": object.__setattr__}
    parameters: list[str] = []
    lines: list[str] = []
    slotted = cls.__record_frozen__ and hasattr(cls, "__slots__")
    thaws = slotted and len(cls.__record_fields__) >= _MANY
    for name, default, factory, init, _, _ in cls.__record_fields__:
        value = name
        if factory is not None:
            known[f"_make_{name}"] = factory
            value = f"_make_{name}()"
            if init:
                value = f"{value} if {name} is _required else {name}"
                parameters.append(f"{name}=_required")
        elif default is not _Required:
            known[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        if not thaws and cls.__record_frozen__:
            lines.append(_setting(cls, "self", name, value, known))
        else:
            lines.append(f" self.{name} = {value}")
    if thaws:
        known |= {"_become": _BECOME, "_thawed": _thawed(cls), "_frozen": cls}
        lines = [" _become(self, _thawed)", *lines, " self.__class__ = _frozen"]
    code = f"def __init__(self, {', '.join(parameters)}):\n" + "\n".join(lines)
    exec(code, known)
    made: Any = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return cast("Callable[..., None]", made)


def _thawed(cls: Any) -> type:
    """A class of the same fields that may be set: to set them there takes a third of the time."""
    return type(cls.__name__, cls.__bases__, {"__slots__": cls.__slots__})


def _setting(cls: Any, target: str, name: str, value: str, known: dict[str, object]) -> str:
    """The line of code that sets a field of a frozen instance, past its ``__setattr__``."""
    slot = cls.__dict__.get(name)
    if not hasattr(slot, "__set__"):
        return f" _set({target}, {name!r}, {value})"
    known[f"_set_{name}"] = slot.__set__  # what a slot is set by, without a search for it
    return f" _set_{name}({target}, {value})"


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in self.__record_fields__ if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> Any:
    cls = self.__class__
    if other.__class__ is not cls:
        return NotImplemented
    of = cls.__record_compared__
    return of(self) == of(other)


def _hash(self: Any) -> int:
    return hash(self.__class__.__record_compared__(self))


def _frozen_setattr(self: object, name: str, value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _frozen_delattr(self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _replace(obj: Any, /, **changes: object) -> Any:
    cls = obj.__class__
    written = cls.__record_replaced__
    if written.__class__ is not int:
        return written(obj, **changes)
    cls.__record_replaced__ = written + 1 if written < _FEW else _written_replace(cls)
    for name in cls.__record_given__:
        if name not in changes:
            changes[name] = getattr(obj, name)
    return cls(**changes)


def _written_replace(cls: Any) -> Callable[..., object]:
    """What replaces fields of the instances of one class, once there were many."""
    names = cls.__record_given__
    known: dict[str, object] = {"_required": _Required, "_made": cls}
    values = (f"_obj.{name} if {name} is _required else {name}" for name in names)
    parameters = "".join(f", {name}=_required" for name in names)
    exec(f"def replace(_obj, /{parameters}):\n return _made({', '.join(values)})", known)
    return cast("Callable[..., object]", known["replace"])


class _DataclassFields:
    """What the functions of ``dataclasses`` look for, made for the first who asks."""

    def __get__(self, instance: object, owner: Any) -> Mapping[str, Any]:
        import dataclasses

        fields = [
            (field.name, object, dataclasses.field(init=field.init, repr=field.repr))
            for field in owner.__record_fields__
        ]
        twin: Any = dataclasses.make_dataclass(owner.__name__, fields)
        return dict(twin.__dataclass_fields__)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    dataclass, field, replace = _dataclass, _field, _replace
