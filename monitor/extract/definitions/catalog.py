"""Every definition: those that ship (`sites/*.yaml`), and those that an installation adds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from monitor.extract.definitions.keys import Fault, Place, Written
from monitor.extract.definitions.parse import faults, inherited, site_of
from monitor.extract.definitions.site import Site, UrlRule
from monitor.model.errors import DefinitionError


@cache
def definitions() -> Mapping[str, Written]:
    """Return every shipped definition as it is written, by name. Raises DefinitionError for a name that stands twice."""
    found: dict[str, Written] = {}
    folder = resources.files("monitor.extract").joinpath("sites")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            # It makes text of every scalar, as the configuration reader does; libyaml's, because every start waits for it.
            loaded: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506
            twice = found.keys() & loaded["sites"].keys()
            if twice:
                raise DefinitionError(f"{file.name}: {min(twice)} is defined already")
            found.update(loaded["sites"])
    return MappingProxyType(found)


@cache
def sites() -> Mapping[str, Site]:
    """Return every shipped site by name. Raises DefinitionError when a definition is wrong."""
    written = definitions()
    return MappingProxyType({name: site_of(name, one, written) for name, one in written.items()})


@cache
def url_rules() -> tuple[UrlRule, ...]:
    """Return the identity rules of all shipped sites: longer hosts before shorter ones, those for any host last.

    Families that their members inherit from bring the same rules again; each stands once.
    """
    rules = dict.fromkeys(rule for site in sites().values() for rule in site.identity)
    return tuple(sorted(rules, key=lambda rule: (rule.any_host, -max(map(len, rule.hosts)))))


def checked(added: Mapping[str, Written]) -> Iterator[tuple[Place, Fault]]:
    """Return what is wrong with definitions that an installation adds, each fault with its name before its place."""
    for name, written in added.items():
        for fault in faults(written, _families(name, added)):
            yield (name, *fault.place), fault


def sealed(name: str, added: Mapping[str, Written]) -> str:
    """Return an added definition as JSON, its families filled in: what a source carries along."""
    flat = inherited(added[name], _families(name, added))
    return json.dumps({name: flat}, ensure_ascii=False, sort_keys=True)


def _families(name: str, added: Mapping[str, Written]) -> Mapping[str, Written]:
    """Return what a definition may name as its family; by its own name it means the shipped one that it replaces."""
    others = {other: written for other, written in added.items() if other != name}
    return {**definitions(), **others}


@lru_cache(maxsize=256)
def unsealed(text: str) -> Site:
    """Return the site of `sealed` text. Raises DefinitionError."""
    ((name, flat),) = json.loads(text).items()
    return site_of(name, flat, {})
