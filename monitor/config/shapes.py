"""What an item of a list may hold: the keys that all items have, and those of its kind. Pure.

The kinds themselves are strangers to this room: what they say of themselves comes as values (model/kind.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, create_model

from monitor.config.documents import Value
from monitor.config.parts import ChannelPart, SourcePart
from monitor.config.places import Spot
from monitor.config.values import empty_or, listed, reading
from monitor.model.errors import ConfigProblem
from monitor.model.kind import NO_SETTINGS, Kind, KindSettings, OwnKey, Written

P = TypeVar("P", bound=BaseModel)

_FILE = "_file"


class Filed(NamedTuple):
    """A key that names a file, the key that it fills, the keys that exclude it, and whether the file is to be shown nowhere."""

    key: str
    target: str
    excluding: tuple[str, ...]
    confidential: bool = True


@dataclass(slots=True)
class Shape(Generic[P]):
    """The shape of the items of one list. `base` has the keys of all; items without kinds have no others."""

    base: type[P]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    _models: dict[str, type[P]] = field(default_factory=dict)

    def settings(self, kind: str) -> KindSettings:
        """Return what a kind says of itself; nothing where there is no such kind."""
        return self.kinds[kind].settings if kind in self.kinds else NO_SETTINGS

    def model(self, kind: str) -> type[P]:
        """Return what an item of a kind is checked against. Kinds without keys of their own share one."""
        if not self.kinds:
            return self.base
        settings = self.settings(kind)
        shared = kind if settings.keys or settings.address else ""
        if shared not in self._models:
            self._models[shared] = self._made(settings)
        return self._models[shared]

    def _made(self, settings: KindSettings) -> type[P]:
        fields: dict[str, Any] = {"kind": (Literal[tuple(self.kinds)], ...)}
        if settings.address is not None:
            fields["url"] = _field(OwnKey("url", settings.address, confidential=True))
        for key in settings.keys:
            fields[key.name] = _field(key)
            if key.from_file:
                fields[key.name + _FILE] = (str, "")
        return create_model(self.base.__name__, __base__=self.base, **fields)

    def meant(self, word: str) -> str:
        """Return the kind that people mean by another word, "" where there is none. Every kind is asked."""
        return next((name for name, kind in self.kinds.items() if word.strip().lower() in kind.settings.called), "")

    def filed(self, kind: str) -> Iterator[Filed]:
        """Yield each key that names a file."""
        yield from (Filed(name + _FILE, name, (name,)) for name in self.files)
        pairs = [pair[:2] for pair in self.settings(kind).exclusive]
        for key in self.settings(kind).keys:
            if key.from_file:
                others = {name for pair in pairs if key.name in pair for name in pair}
                excluding = (key.name, *sorted(others - {key.name}))
                yield Filed(key.name + _FILE, key.name, excluding, key.confidential or key.private)

    def own(self, value: Value, spot: Spot) -> tuple[Value, str, list[ConfigProblem]]:
        """Return an item without keys that only other kinds take, its kind, and the complaints about those keys.

        Empty ones are left out silently. Of an item whose kind is unknown nothing is known to be a stranger.
        """
        if not self.kinds or not isinstance(value, dict):
            return value, "", []
        said = value.get("kind")
        kind = said if isinstance(said, str) else ""
        keys = {*self.base.model_fields, *_spellings(self.settings(kind))}
        others = {} if value.keys() <= keys else self._takers()  # every kind is asked only where a key is not known
        theirs = {key: takers for key, takers in others.items() if kind not in takers and key in value}
        kept = {key: found for key, found in value.items() if key not in theirs}
        return kept, kind, list(self._strangers(value, theirs, spot)) if kind in self.kinds else []

    def _strangers(self, value: dict[str, Value], theirs: dict[str, list[str]], spot: Spot) -> Iterator[ConfigProblem]:
        for key, takers in theirs.items():
            found = value[key]
            if any(item != "" for item in (found if isinstance(found, list) else [found])):
                what = f"only the kind{'s' * (len(takers) > 1)} {_together(takers)} take{'s' * (len(takers) == 1)}"
                yield spot.key_problem((key,), f"{what} `{key}`", "leave it out", "CFG034")

    def _takers(self) -> dict[str, list[str]]:
        """Return for each key that not every kind takes the kinds that do."""
        takers: dict[str, list[str]] = {}
        for name, kind in self.kinds.items():
            for spelling in _spellings(kind.settings):
                takers.setdefault(spelling, []).append(name)
        return takers


def _spellings(settings: KindSettings) -> list[str]:
    """Return the kind's own keys, those that name a file too."""
    return [name for key in settings.keys for name in ((key.name, key.name + _FILE) if key.from_file else (key.name,))]


def _field(key: OwnKey) -> tuple[object, object]:
    """Return the type of a kind's own key, with its default, as pydantic wants them."""
    checked: Callable[[str], str] = reading(empty_or(key.parse), key.hint)
    one: Any = Annotated[str, StringConstraints(max_length=key.longest), AfterValidator(checked)]
    shown = not (key.confidential or key.private)
    if key.mapping:
        named: Any = dict[str, one]
        return named, Field(default_factory=dict, repr=shown)
    if key.many:
        several: Any = Annotated[list[one], BeforeValidator(listed)]
        return several, Field(default_factory=list, repr=shown)
    return one, Field(default="", repr=shown)


def written(part: SourcePart | ChannelPart, settings: KindSettings) -> Written:
    """Return what a kind is told of an item that was checked."""
    urls = (part.url,) if isinstance(part.url, str) else tuple(part.url)
    own = {key.name: _given(getattr(part, key.name)) for key in settings.keys}
    return Written(part.id, part.kind, tuple(url for url in urls if url), part.enabled, own)


def _given(value: str | list[str] | dict[str, str]) -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(f"{name}: {text}" for name, text in value.items() if text)
    return tuple(text for text in ([value] if isinstance(value, str) else value) if text)


def _together(words: list[str]) -> str:
    """Return words in one phrase: a, b and c."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
