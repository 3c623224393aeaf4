"""Page definitions of outlets and CMS families: data files in `sites/`, read once, checked, frozen.

Adding an outlet means adding a file there; nothing else changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from monitor.extract.outlets import UrlRule, texts, url_rule

READERS = frozenset({"@jsonld", "@meta", "@image-clock", "@generic"})


@dataclass(frozen=True, slots=True)
class Drops:
    """What inside the body is not body: elements by selector, blocks by first characters, links by contained text."""

    selectors: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The least that a healthy site shows: leads on a list page, characters in a body."""

    leads: int
    body: int


@dataclass(frozen=True, slots=True)
class Site:
    """How to read one outlet.

    `link` finds the article number (group `id`) in an href; `canonical` is the template of the article's URL.
    `title`, `subtitle`, `body`, `date`, `author` are ways tried one by one: a CSS selector, or a reader's name (READERS).
    `byline` has the group `names`, `image_clock` the group `unix` (seconds since 1970 in og:image).
    `not_titles`: anchors inside these are no headlines. `stale_ids`: an id further than this below the median of the
    page is an old article (0: ids tell nothing). `unverified_live`: nobody has seen it work on the live site yet.
    """

    name: str
    outlet: str
    zone: str
    link: re.Pattern[str]
    canonical: str
    identity: tuple[UrlRule, ...]
    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    body: tuple[str, ...]
    date: tuple[str, ...]
    author: tuple[str, ...]
    byline: re.Pattern[str] | None
    image_clock: re.Pattern[str] | None
    drop: Drops
    captions: tuple[str, ...]
    not_titles: tuple[str, ...]
    stale_ids: int
    check: SelfCheck
    unverified_live: bool


_KEYS_WORDS = (
    "name outlet zone link canonical identity title subtitle body date author byline image_clock drop captions list "
    "check unverified_live"
)
_KEYS = frozenset(_KEYS_WORDS.split())


@cache
def sites() -> Mapping[str, Site]:
    """Answer every shipped definition by name. Raises ValueError when a file is wrong."""
    folder = resources.files("monitor.extract").joinpath("sites")
    found = [
        site_of(yaml.safe_load(file.read_text(encoding="utf-8")), file.name)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".yaml")
    ]
    return MappingProxyType({site.name: site for site in found})


@cache
def url_rules() -> tuple[UrlRule, ...]:
    """Answer every identity rule, those for any host last. Raises ValueError when a file is wrong."""
    text = resources.files("monitor.extract").joinpath("outlets.yaml").read_text(encoding="utf-8")
    others = yaml.safe_load(text)["rules"]
    rules = [rule for site in sites().values() for rule in site.identity]
    rules += [url_rule(item, f"outlets.yaml rules[{number}]") for number, item in enumerate(others)]
    return tuple(sorted(rules, key=lambda rule: rule.any_host))


def site_of(data: object, where: str) -> Site:
    """Check one definition as read from YAML. Raises ValueError, which names `where`."""
    if not isinstance(data, dict) or data.keys() != _KEYS:
        wrong = sorted(_KEYS ^ data.keys()) if isinstance(data, dict) else "no mapping"
        raise ValueError(f"{where}: keys missing or unknown: {wrong}")
    link = re.compile(str(data["link"]))
    if "id" not in link.groupindex:
        raise ValueError(f"{where}.link: the group (?P<id>...) is missing")
    return Site(
        name=str(data["name"]),
        outlet=str(data["outlet"]),
        zone=str(data["zone"]),
        link=link,
        canonical=str(data["canonical"]),
        identity=tuple(url_rule(item, f"{where}.identity[{n}]") for n, item in enumerate(data["identity"])),
        title=_ways(data, "title", where),
        subtitle=_ways(data, "subtitle", where),
        body=_ways(data, "body", where),
        date=_ways(data, "date", where),
        author=_ways(data, "author", where),
        byline=_pattern(data["byline"], "names", f"{where}.byline"),
        image_clock=_pattern(data["image_clock"], "unix", f"{where}.image_clock"),
        drop=_drops(data["drop"], f"{where}.drop"),
        captions=texts(data["captions"], f"{where}.captions"),
        not_titles=texts(data["list"]["not_titles"], f"{where}.list.not_titles"),
        stale_ids=int(data["list"]["stale_ids"]),
        check=SelfCheck(leads=int(data["check"]["leads"]), body=int(data["check"]["body"])),
        unverified_live=data["unverified_live"] is not False,
    )


def _ways(data: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    ways = texts(data[key], f"{where}.{key}")
    unknown = [way for way in ways if way.startswith("@") and way not in READERS]
    if unknown:
        raise ValueError(f"{where}.{key}: unknown reader {unknown[0]}")
    return ways


def _pattern(text: object, group: str, where: str) -> re.Pattern[str] | None:
    """Compile an optional pattern that must have the group."""
    if not text:
        return None
    pattern = re.compile(str(text))
    if group not in pattern.groupindex:
        raise ValueError(f"{where}: the group (?P<{group}>...) is missing")
    return pattern


def _drops(data: object, where: str) -> Drops:
    if not isinstance(data, dict) or data.keys() != {"selectors", "prefixes", "contains"}:
        raise ValueError(f"{where}: selectors, prefixes and contains are expected")
    return Drops(**{key: texts(value, f"{where}.{key}") for key, value in data.items()})
