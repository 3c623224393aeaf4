"""What a kind of source or channel tells the configuration of itself: plain values, and functions of plain values.

A kind is one file (monitor.extract.kinds, monitor.channels.kinds); the service hands what stands here to the configuration,
which knows no kind by name. Pure, but that KindFolder imports the file of a kind that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Protocol, TypeVar

from monitor.model.errors import InvalidValueError

T = TypeVar("T")

NEEDS, UNFIT = "CFG034", "CFG036"  # codes of complaints, docs/configuration.md


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key that not every kind takes. Empty text always passes: a variable with an empty default is not set up yet.

    `parse` returns the text as it is to be kept, or raises InvalidValueError, which never quotes it; `hint` goes with that.
    `many`: a list of texts, or one. `mapping`: names with texts; each is given on as `name: text`, and `parse` is asked for
    the text. `longest`: code points. `from_file`: `<name>_file` may name a file that holds the value. What is `confidential`
    is one of the channel's secrets; what is `private` is as confidential, and kept under its key (Channel.given).
    """

    name: str
    parse: Callable[[str], str]
    hint: str = ""
    many: bool = False
    longest: int = 20_000
    mapping: bool = False
    confidential: bool = False
    private: bool = False
    from_file: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What the files say of one source or channel, as far as its kind is concerned. `own` holds what is given, by key."""

    id: str
    kind: str
    urls: tuple[str, ...] = field(repr=False)
    enabled: bool = True
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def given(self, key: str) -> tuple[str, ...]:
        """Return the values of one of the kind's own keys, without empty ones."""
        return self.own.get(key, ())


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is amiss with one source or channel, shown at the value of `key`; "" is the whole item.

    `name` is the entry that is meant, where the value is a mapping.
    """

    key: str
    message: str
    hint: str
    code: str
    name: str = ""


def one_of(*words: str) -> Callable[[str], str]:
    """Return what `OwnKey.parse` is for a value that is one of these words."""

    def parse(text: str) -> str:
        if text not in words:
            raise InvalidValueError(f"must be one of: {', '.join(words)}")
        return text

    return parse


def missing(written: Written, key: str, hint: str) -> Complaint:
    """Return the complaint about a key that the kind needs."""
    return Complaint("kind", f"the kind {written.kind} needs `{key}`", hint, NEEDS)


@dataclass(frozen=True, slots=True)
class Requests:
    """What a source asks for: its addresses, and headers that go with each, which may be confidential."""

    urls: tuple[str, ...]
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def _nothing(written: Written) -> Iterable[Complaint]:
    del written
    return ()


def _addresses(written: Written) -> Requests:
    return Requests(tuple(dict.fromkeys(written.urls)))


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSettings:
    """What may, must and should stand in the files for one kind.

    `exclusive` holds pairs of own keys of which one may be given, with a hint. `check` complains of faults and `advise` of
    what is allowed and probably not meant. `called` are other words that people use for the kind, `hosts` those that it alone
    has, with everything below them. `requests` says what a source of the kind asks for; channels do without. `for_people`: what goes
    through a channel of the kind is read, not processed: one article is one message, unless the files say otherwise. `address` reads
    the `url` of a channel that is no web address, as OwnKey.parse reads a key. Unless it is
    `guarded` no `allow_networks` stands in front of a channel's receiver.
    """

    keys: tuple[OwnKey, ...] = ()
    called: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    exclusive: tuple[tuple[str, str, str], ...] = ()
    check: Callable[[Written], Iterable[Complaint]] = _nothing
    advise: Callable[[Written], Iterable[Complaint]] = _nothing
    requests: Callable[[Written], Requests] = _addresses
    for_people: bool = True
    address: Callable[[str], str] | None = None
    guarded: bool = True


NO_SETTINGS = KindSettings()


class Kind(Protocol):
    """A kind of source or of channel, as far as the configuration is concerned."""

    @property
    def settings(self) -> KindSettings:
        """Return what the configuration may say of such a source or channel."""
        ...


@dataclass(frozen=True, slots=True)
class KnownKinds:
    """Every kind there is, by name."""

    sources: Mapping[str, Kind]
    channels: Mapping[str, Kind]


class KindFolder(Mapping[str, T]):
    """The kinds whose files stand in a folder, each under the name of its file: what that calls KIND.

    A file is imported when its kind is first asked for: a command that reads a configuration of two kinds pays for two.
    """

    def __init__(self, folder: ModuleType) -> None:
        self._folder = folder.__name__
        self._names = tuple(sorted(found.name for found in iter_modules(folder.__path__)))
        self._kinds: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        """Return a kind. Raises KeyError where there is no such file."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._kinds:
            self._kinds[name] = import_module(f"{self._folder}.{name}").KIND
        return self._kinds[name]

    def __contains__(self, name: object) -> bool:
        """Return whether there is such a file, without importing it."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """Yield the names in alphabetical order."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many kinds there are."""
        return len(self._names)
