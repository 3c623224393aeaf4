"""Definitions as they are written -> Site: every key checked, families inherited.

A definition is a mapping of text, lists and mappings (numbers and dates are text too); the keys are described in
docs/outlets.md. What an outlet leaves out it has from its family, families have it from theirs; the item `@family` in a
list stands for the family's own items.

A way is a CSS selector (the first element with text), or a reader: `@jsonld`, `@meta`, `@generic`, `@image-clock`, or
`@script NAME PATH`, which looks into data that a script of the page holds (see text.scripts).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import reduce
from typing import Any

from monitor.extract.definitions.keys import FAMILY, KEYS, WAYS, Fault, Written, fault_of, wrong
from monitor.extract.definitions.site import Drops, PageLayout, SelfCheck, Site, UrlRule
from monitor.model.errors import DefinitionError

_DEEPEST = 4  # families above one another


def faults(written: object, families: Mapping[str, Written]) -> tuple[Fault, ...]:
    """Return everything that is wrong with one definition; `families` holds those it may name."""
    if not isinstance(written, Mapping):
        return (Fault((), "a definition is a mapping of keys"),)
    found = [*wrong(written, KEYS)]
    known = written.get("family")
    if isinstance(known, str) and known not in families:
        found.append(Fault(("family",), f"there is no family {known!r}", f"known: {', '.join(sorted(families))}"))
    if found:
        return tuple(found)
    try:
        if not any(wrong(above, KEYS) for above in _above(written, families)):  # those are told where they stand
            _rules(inherited(written, families))
    except DefinitionError as error:
        found.append(fault_of(error))
    return tuple(found)


def _above(written: Written, families: Mapping[str, Written]) -> list[Written]:
    """Return the families above a definition. Raises DefinitionError when they lead too deep or in a circle."""
    chain: list[Written] = []
    above = families.get(str(written.get("family", "")))
    while above is not None:
        if len(chain) >= _DEEPEST:
            raise DefinitionError("its families lead in a circle, or too deep", "", "family")
        chain.append(above)
        above = families.get(str(above.get("family", "")))
    return chain


def inherited(written: Written, families: Mapping[str, Written]) -> dict[str, Any]:
    """Fill in what the families say. Raises DefinitionError for families that lead too deep or in a circle."""
    return reduce(_merged, [*reversed(_above(written, families)), written], {})


def site_of(name: str, written: Written, families: Mapping[str, Written]) -> Site:
    """Return the site of a definition without faults. Raises DefinitionError for one with faults."""
    wrong = faults(written, families)
    if wrong:
        raise DefinitionError(f"{name}: {wrong[0]}")
    flat = inherited(written, families)
    layouts = tuple(
        PageLayout(_day(each.get("from")), _day(each.get("until")), _site(name, _merged(flat, each), ()))
        for each in flat.get("layouts", ())
    )
    return _site(name, flat, layouts)


def _merged(above: Written, own: Written) -> dict[str, Any]:
    """Put what is written over what is inherited; `@family` in a list stands for the inherited items."""
    merged = dict(above)
    for key, value in own.items():
        old = above.get(key)
        if isinstance(value, Mapping):
            merged[key] = _merged(old if isinstance(old, Mapping) else {}, value)
        elif isinstance(value, list):
            kept = old if isinstance(old, list) else []
            merged[key] = [item for one in value for item in (kept if one == FAMILY else [one])]
        elif key not in {"family", "from", "until"}:
            merged[key] = value
    return merged


def _site(name: str, flat: Written, layouts: tuple[PageLayout, ...]) -> Site:
    drop, check, listing = (flat.get(key, {}) for key in ("drop", "check", "list"))
    return Site(
        name=name,
        outlet=flat.get("outlet", ""),
        zone=flat.get("zone", ""),
        identity=_rules(flat),
        **{way: tuple(flat.get(way, ())) for way in WAYS},
        byline=re.compile(flat["byline"]) if flat.get("byline") else None,
        image_clock=re.compile(flat["image_clock"]) if flat.get("image_clock") else None,
        drop=Drops(
            selectors=tuple(drop.get("selectors", ())),
            prefixes=tuple(drop.get("prefixes", ())),
            contains=tuple(drop.get("contains", ())),
            paragraphs=tuple(re.compile(pattern) for pattern in drop.get("paragraphs", ())),
        ),
        caption_marks=tuple(flat.get("caption_marks", ())),
        not_titles=tuple(listing.get("not_titles", ())),
        stale_ids=int(listing.get("stale_ids", 0)),
        check=SelfCheck(int(check.get("entries", 0)), int(check.get("body", 0)), tuple(check.get("needs", ()))),
        layouts=layouts,
        unverified_live=flat.get("unverified_live", "true") != "false",
    )


def _rules(flat: Written) -> tuple[UrlRule, ...]:
    """Build the identity rules. Raises DefinitionError where none of them has a host."""
    rules = []
    for number, item in enumerate(flat.get("identity", ())):
        hosts = tuple(item.get("hosts") or flat.get("hosts", ()))
        if not hosts:
            raise DefinitionError("the rule has no hosts", "give `hosts` here or beside it", "identity", number)
        paths = tuple(re.compile(pattern) for pattern in item["paths"])
        query, answers = tuple(item.get("query", ())), item.get("answers") == "true"
        rules.append(UrlRule(hosts, paths, query, item["canonical"], answers))
    return tuple(rules)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
