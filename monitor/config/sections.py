"""Documents of one section -> its items, each checked, no id twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from monitor.config.documents import Broken, Unquoted, Value
from monitor.config.files import read_secret
from monitor.config.parts import SECTIONS, AliasPart, RoutePart
from monitor.config.places import Spot
from monitor.config.shapes import Filed, Shape
from monitor.config.validation import fill, suggestion
from monitor.model.errors import ConfigProblem, InvalidValueError

P = TypeVar("P", bound=BaseModel)


@dataclass(slots=True)
class Section(Generic[P]):
    """The items of one section over all its files.

    `parts` are the good items in order. `spots` say where every item with an id stands, good or not, so that a rule that
    names a faulty channel is not blamed as well; `names` say where the ids themselves stand. `raw` are the items as read. `secrets` is what files of secrets held.
    """

    parts: list[P] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)
    raw: dict[str, dict[str, Value]] = field(default_factory=dict)
    names: dict[str, Spot] = field(default_factory=dict)
    problems: list[ConfigProblem] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list, repr=False)


def items(documents: list[tuple[Value, Spot]], name: str, shape: Shape[P], folder: Path) -> Section[P]:
    """Check every item of the list `name`; `folder` is what relative secret files start from."""
    section: Section[P] = Section()
    for document, spot in documents:
        section.problems.extend(_strangers(document, spot, SECTIONS[name]))
        for written, place in _list(document, spot, name, section.problems):
            before = len(section.problems)
            own, kind, strangers = shape.own(written, place)
            value, secrets, problems = _with_secrets(own, place, folder, shape.filed(kind))
            section.secrets.extend(secrets)
            part, faults = fill(shape.model(kind), value, place)
            if meant := shape.meant(kind) if kind and kind not in shape.kinds else "":
                hint = f"did you mean {meant}?"
                faults = [replace(one, hint=hint) if one.code == "CFG014" else one for one in faults]
            section.problems.extend([*strangers, *problems, *faults])
            known = _note(section, value, place)
            if part is not None and known and len(section.problems) == before:
                section.parts.append(part)
    return section


def routes(documents: list[tuple[Value, Spot]]) -> Section[RoutePart]:
    """Check the list `routes` of every document. Routes have no ids: `spots` are by number, from 1, over all files."""
    section: Section[RoutePart] = Section()
    for document, spot in documents:
        for value, place in _list(document, spot, "routes", section.problems):
            number = str(len(section.spots) + 1)
            section.spots[number] = section.names[number] = place
            section.raw[number] = value if isinstance(value, dict) else {}
            part, faults = fill(RoutePart, value, place)
            section.problems.extend(faults)
            if part is not None:
                section.parts.append(part)
    return section


def aliases(documents: list[tuple[Value, Spot]]) -> Section[AliasPart]:
    """Check the mapping `aliases` of every document; `spots` are by name."""
    section: Section[AliasPart] = Section()
    for document, spot in documents:
        found = document.get("aliases") if isinstance(document, dict) else None
        place = spot.children.get("aliases", spot)
        if isinstance(found, Broken):
            continue
        if found is not None and not isinstance(found, dict):
            section.problems.append(place.problem((), "`aliases` must be a mapping of names to lists", "", "CFG013"))
            continue
        for name, spellings in (found or {}).items():
            inner = place.children[name]
            view = Spot(place.file, *place.keys[name], children={"spellings": inner})
            view.children["name"] = Spot(view.file, view.line, view.column, name)
            part, faults = fill(AliasPart, {"name": name, "spellings": spellings}, view)
            section.problems.extend(
                replace(one, message=one.message.replace("`spellings`", f"`{name}`")) for one in faults
            )
            if _unique(section, name, inner, view.children["name"]) and part is not None:
                section.parts.append(part)
    return section


def definitions(documents: list[tuple[Value, Spot]]) -> Section[BaseModel]:
    """Gather the mapping `sites` of every document: `raw` holds each page definition as text, lists and mappings.

    What may stand in one is for another room to say.
    """
    section: Section[BaseModel] = Section()
    for document, spot in documents:
        section.problems.extend(_strangers(document, spot, SECTIONS["sites"]))
        found = document.get("sites") if isinstance(document, dict) else None
        if found is None or isinstance(found, Broken):
            continue
        place = spot.children["sites"]
        if not isinstance(found, dict):
            message = "`sites` must be a mapping of names to page definitions"
            section.problems.append(place.problem((), message, "", "CFG013"))
            continue
        for name, written in found.items():
            if _unique(section, name, place.children[name], Spot(place.file, *place.keys[name], name)):
                section.raw[name] = written if isinstance(written, dict) else {}
                if not isinstance(written, dict):
                    message = f"the page definition {name} must be a mapping"
                    section.problems.append(place.problem((name,), message, "", "CFG013"))
    return section


def as_written(value: Value) -> object:
    """Return a value with every scalar as the text that stands in the file."""
    if isinstance(value, dict):
        return {key: as_written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_written(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.raw if isinstance(value, Unquoted) else value if isinstance(value, str) else ""


def _strangers(document: Value, spot: Spot, known: tuple[str, ...]) -> Iterator[ConfigProblem]:
    """Complain of a document that is no mapping, and of keys at its top that mean nothing."""
    if document is None:
        return
    if not isinstance(document, dict):
        yield spot.problem((), f"the file must hold a mapping with `{known[-1]}:` at its top", "", "CFG013")
        return
    for key in document:
        if key not in known:
            yield spot.key_problem((key,), f"unknown key `{key}`", suggestion(key, known), "CFG010")


def _list(document: Value, spot: Spot, name: str, problems: list[ConfigProblem]) -> Iterator[tuple[Value, Spot]]:
    """Return the items of a list with their places; a missing or empty list has none."""
    found = document.get(name) if isinstance(document, dict) else None
    if found is None or isinstance(found, Broken):
        return
    place = spot.children[name]
    if not isinstance(found, list):
        problems.append(place.problem((), f"`{name}` must be a list of items that begin with -", "", "CFG013"))
        return
    for number, value in enumerate(found):
        yield value, place.children[number]


def _with_secrets(
    value: Value, spot: Spot, folder: Path, filed: Iterator[Filed]
) -> tuple[Value, list[str], list[ConfigProblem]]:
    """Replace keys that name a file by what the file holds; return what of that is confidential as well."""
    if not isinstance(value, dict):
        return value, [], []
    filled, secrets, problems = dict(value), list[str](), list[ConfigProblem]()
    for key, target, excluding, confidential in filed:
        name = value.get(key)
        if not isinstance(name, str) or not name:
            continue
        if not value.keys().isdisjoint(excluding):
            message = f"`{key}` and `{target}` exclude each other"
            problems.append(spot.key_problem((key,), message, "keep one of them", "CFG033"))
            continue
        spot.children[target] = spot.children[key]
        try:
            filled[target] = read_secret(folder / name)
            secrets.extend([str(filled[target])] if confidential else [])
        except InvalidValueError as error:
            hint = f"it is written as {spot.children[key].raw!r}; relative paths start from the configuration folder"
            problems.append(spot.problem((key,), f"the file of `{key}` {error}", hint, "CFG022"))
    return filled, secrets, problems


def _note(section: Section[P], value: Value, spot: Spot) -> bool:
    """Remember an item under its id; return whether the id is new."""
    identity = value.get("id") if isinstance(value, dict) else None
    if not isinstance(identity, str) or not isinstance(value, dict):
        return True
    section.raw.setdefault(identity, value)
    return _unique(section, identity, spot, spot.children.get("id", spot), "id")


def _unique(section: Section[P], name: str, spot: Spot, at: Spot, noun: str = "name") -> bool:
    """Register a name, or complain that it is taken, with both places; `at` is where the name itself stands."""
    first = section.names.get(name)
    if first is None:
        section.names[name], section.spots[name] = at, spot
        return True
    message = f"the {noun} {at.raw} is taken by {first.file}:{first.line}"
    section.problems.append(
        ConfigProblem(at.file, at.line, at.column, message, f"{noun}s are unique over all files", "CFG030")
    )
    return False
