"""Files -> Loaded, or every line that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from pydantic import BaseModel

from monitor.config import assembly as plans
from monitor.config.counts import counted
from monitor.config.documents import Value
from monitor.config.effective import EffectiveSetting, effective
from monitor.config.files import MERGED, SINGLE, Folder, ignored, read_folder
from monitor.config.parts import AliasPart, ChannelPart, MonitorPart, RoutePart, RulePart, SourcePart
from monitor.config.places import Places, Spot
from monitor.config.sections import Section, aliases, as_written, definitions, items, routes
from monitor.config.settings import DeliverSettings, FetchSettings, Retention, Settings, WatchdogSettings
from monitor.config.shapes import Shape
from monitor.config.validation import fill
from monitor.config.values import database_url
from monitor.config.ways_out import ways_out
from monitor.config.web_access import web_access
from monitor.model.confidential import remember
from monitor.model.errors import ConfigError, ConfigProblem, InvalidValueError
from monitor.model.kind import KnownKinds
from monitor.model.plan import Plan

DATABASE_VARIABLE: Final = "MONITOR_DATABASE_URL"
DATA_VARIABLE: Final = "MONITOR_DATA_DIR"
PLACING: Final = ("database", "data_dir")
AMBIGUOUS: Final = frozenset({"CFG006", "CFG007"})  # a key stands twice or is merged in: which one is meant?


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder means. `warnings` are allowed and probably not meant.

    `definitions` are page definitions of the installation's own, by name, as they are written: text, lists, mappings.
    `effective` is what monitor.yaml comes to, value by value.
    """

    settings: Settings
    plan: Plan
    places: Places
    warnings: tuple[ConfigProblem, ...] = ()
    definitions: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    effective: tuple[EffectiveSetting, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Every fault of a folder, and what the rest of it means: good only for finding more faults.

    `faulty_aliases` are defined and wrong, so that nobody blames a rule for naming them. `database_problems` and
    `data_dir_problems` are those that leave unknown where the database and the data folder lie: without any, these two
    settings hold, whatever else is wrong.
    """

    loaded: Loaded
    problems: tuple[ConfigProblem, ...]
    faulty_aliases: frozenset[str]
    database_problems: tuple[ConfigProblem, ...] = ()
    data_dir_problems: tuple[ConfigProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sections:
    """All lists of the plan, checked one by one."""

    sources: Section[SourcePart]
    rules: Section[RulePart]
    channels: Section[ChannelPart]
    aliases: Section[AliasPart]
    sites: Section[BaseModel]
    routes: Section[RoutePart]


def load(folder: Path, environ: Mapping[str, str], kinds: KnownKinds) -> Loaded:
    """Read the configuration in `folder`, with variables from `environ`; `kinds` of source and channel may be named.

    Raises ConfigError with every fault of every file, in order of file and line. No message, and no repr of what is
    returned, holds a secret.
    """
    reading = read(folder, environ, kinds)
    if reading.problems:
        raise ConfigError(reading.problems)
    return reading.loaded


def read(
    folder: Path, environ: Mapping[str, str], kinds: KnownKinds, instead: Mapping[Path, bytes] | None = None
) -> LoadReport:
    """Read as `load` does, but return the faults beside what could be read; `instead` stands in place of what files hold.

    What came from variables and files of secrets is shown nowhere from then on (monitor.model.confidential).
    """
    found = read_folder(folder, environ, instead)
    documents = found.documents
    monitor, monitor_spot, problems = _monitor(documents.get(SINGLE, []))
    unplaced = _unplaced(folder, found, problems)
    channel_shape = Shape(ChannelPart, kinds.channels, files=("url",))
    sections = _Sections(
        items(documents.get("sources", []), "sources", Shape(SourcePart, kinds.sources), folder),
        items(documents.get("rules", []), "rules", Shape(RulePart), folder),
        items(documents.get("channels", []), "channels", channel_shape, folder),
        aliases(documents.get("rules", [])),
        definitions(documents.get("sites", [])),
        routes(documents.get("channels", [])),
    )
    remember([*found.secrets, *sections.sources.secrets, *sections.channels.secrets])
    monitor = monitor or _placing(documents.get(SINGLE, [])) or MonitorPart()
    settings, faults = _settings(monitor, environ)
    settings, unusable = ways_out(settings, documents.get(SINGLE, []), folder)
    web, closed = web_access(monitor.web, documents.get(SINGLE, []), folder)
    settings = replace(settings, web=web)
    problems = [
        *found.problems,
        *problems,
        *faults,
        *unusable,
        *closed,
        *_operators(documents.get(SINGLE, []), sections),
        *_faults(sections, kinds),
        *plans.bounded(sections.sources, monitor),
    ]
    if not problems and not sections.sources.parts:
        problems.append(_nothing_to_watch(folder, found))
    plan = plans.assemble(monitor, sections.sources, sections.rules, sections.channels, sections.aliases, kinds)
    plan = plans.routed(replace(plan, files=_files(folder, found)), sections.routes)
    root = _root(folder, monitor_spot, sections)
    written = {name: as_written(value) for name, value in sections.sites.raw.items()}
    own = {name: value for name, value in written.items() if isinstance(value, dict)}
    advice = (*_advice(sections, kinds), *plans.warnings(plan, root))
    known = effective(monitor, monitor_spot, _variables(environ))
    loaded = Loaded(settings, plan, Places(root), (*found.warnings, *advice), own, known)
    return LoadReport(
        loaded,
        in_order(problems),
        frozenset(sections.aliases.spots.keys() - plan.aliases.keys()),
        (*faults, *(() if environ.get(DATABASE_VARIABLE) and documents else unplaced)),
        () if environ.get(DATA_VARIABLE) and documents else unplaced,
    )


def _operators(documents: Iterable[tuple[Value, Spot]], sections: _Sections) -> Iterable[ConfigProblem]:
    """Yield what is wrong with the channels that are named for operators."""
    for value, spot in documents:
        yield from plans.operators(value, spot, sections.channels.names)


def _nothing_to_watch(folder: Path, found: Folder) -> ConfigProblem:
    """Return the fault of a folder without sources, with what most likely brings some."""
    hint = "add one, as docs/configuration.md shows" if found.documents else "`monitor init` writes a configuration"
    if unread := ignored(folder, "sources"):
        hint = f"{unread} is not read: name it sources.yaml"
    return ConfigProblem(str(folder / "sources.yaml"), 0, 0, "there are no sources to watch", hint, "CFG032")


def _files(folder: Path, found: Folder) -> tuple[str, ...]:
    """Return the files that were read, relative to the folder."""
    return tuple(
        Path(spot.file).relative_to(folder).as_posix()
        for documents in found.documents.values()
        for _, spot in documents
    )


def in_order(problems: Iterable[ConfigProblem]) -> tuple[ConfigProblem, ...]:
    """Sort faults by file, line and column."""
    return tuple(sorted(problems, key=lambda one: (one.file, one.line, one.column)))


def _monitor(documents: list[tuple[Value, Spot]]) -> tuple[MonitorPart | None, Spot | None, list[ConfigProblem]]:
    """Check monitor.yaml; None where it is missing, empty or faulty."""
    for value, spot in documents:
        if value is not None:
            part, problems = fill(MonitorPart, value, spot)
            return part, spot, problems
    return None, None, []


def _placing(documents: list[tuple[Value, Spot]]) -> MonitorPart | None:
    """Return what a faulty monitor.yaml says of the places of things, all else at its default; None where that is faulty."""
    for value, spot in documents:
        if isinstance(value, dict):
            return fill(MonitorPart, {key: value[key] for key in PLACING if key in value}, spot)[0]
    return None


def _unplaced(folder: Path, found: Folder, faults: Iterable[ConfigProblem]) -> tuple[ConfigProblem, ...]:
    """Return the faults that leave unknown where monitor.yaml puts the database and the data folder."""
    told = tuple(one for one in found.problems if one.file in {str(folder), str(folder / f"{SINGLE}.yaml")})
    documents = found.documents.get(SINGLE, [])
    if not documents or documents[0][0] is None or any(one.code in AMBIGUOUS for one in told):
        return told
    return () if _placing(documents) else (*told, *faults)


def _faults(sections: _Sections, kinds: KnownKinds) -> list[ConfigProblem]:
    """Return the faults of all sections, and those between them."""
    return [
        *(
            problem
            for section in (
                sections.sources,
                sections.rules,
                sections.channels,
                sections.aliases,
                sections.sites,
                sections.routes,
            )
            for problem in section.problems
        ),
        *counted(sections.rules),
        *plans.references(sections.rules, "sources", sections.sources.names),
        *plans.references(sections.rules, "sources", _majors(sections), ("escalate", "majors")),
        *plans.references(sections.rules, "channels", sections.channels.names),
        *plans.references(sections.routes, "channels", sections.channels.names),
        *plans.references(sections.routes, "rules", sections.rules.names),
        *plans.references(sections.routes, "sources", sections.sources.names),
        *plans.fitting(sections.sources, kinds.sources),
        *plans.fitting(sections.channels, kinds.channels),
        *plans.halved(sections.channels),
        *plans.exclusive(sections.sources, kinds.sources),
        *plans.exclusive(sections.channels, kinds.channels),
    ]


def _majors(sections: _Sections) -> Mapping[str, Spot]:
    """Return what may be called major: sources, and the words for tiers."""
    return {word: Spot("", 0, 0, word) for word in plans.TIERS} | dict(sections.sources.names)


def _advice(sections: _Sections, kinds: KnownKinds) -> list[ConfigProblem]:
    """Return what the kinds advise."""
    return [*plans.advice(sections.sources, kinds.sources), *plans.advice(sections.channels, kinds.channels)]


def _settings(monitor: MonitorPart, environ: Mapping[str, str]) -> tuple[Settings, list[ConfigProblem]]:
    """Return the settings, in which the environment outranks the file."""
    problems = []
    data_dir = environ.get(DATA_VARIABLE) or monitor.data_dir
    database = environ.get(DATABASE_VARIABLE) or monitor.database or f"sqlite:///{data_dir}/monitor.db"
    remember(_password(database))
    remember((monitor.watchdog.url,))
    remember(one.password for one in (monitor.fetch.proxy, monitor.deliver.proxy) if one is not None)
    try:
        database_url(database)
    except InvalidValueError as error:
        problems.append(ConfigProblem(DATABASE_VARIABLE, 0, 0, str(error), "", "CFG040"))
    fetch, deliver = monitor.fetch, monitor.deliver
    settings = Settings(
        database=database,
        data_dir=Path(data_dir),
        zone=monitor.timezone,
        first_run=monitor.first_run,
        analyser=monitor.analyser,
        fetch=FetchSettings(
            fetch.user_agent,
            fetch.timeout,
            fetch.max_bytes,
            fetch.per_host_interval,
            tuple(fetch.allow_networks),
            fetch.proxy,
        ),
        deliver=DeliverSettings(deliver.timeout, tuple(deliver.allow_networks), deliver.proxy, late=deliver.late),
        retention=Retention(monitor.retention.articles),
        heartbeat=monitor.heartbeat or "",
        watchdog=WatchdogSettings(monitor.watchdog.url, monitor.watchdog.every),
    )
    return settings, problems


def _variables(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the variables that outrank the file, (name, value) by key."""
    named = {"database": DATABASE_VARIABLE, "data_dir": DATA_VARIABLE}
    return {key: (name, environ[name]) for key, name in named.items() if environ.get(name)}


def _password(database: str) -> tuple[str, ...]:
    """Return the password in the URL of a database, where there is one."""
    found = re.fullmatch(r"[^/]*://[^:/@]*:(.+)@[^@]*", database, re.DOTALL)
    return (found[1], unquote(found[1])) if found else ()


def _root(folder: Path, monitor: Spot | None, sections: _Sections) -> Spot:
    """Join the places of all files into one tree, items under their ids."""
    root = Spot(str(folder), 0, 0)
    if monitor is not None:
        root.children[SINGLE] = monitor
    spots = (sections.sources.spots, sections.rules.spots, sections.channels.spots, sections.sites.spots)
    for name, found in zip(MERGED, spots, strict=True):
        root.children[name] = Spot(str(folder / f"{name}.yaml"), 0, 0, children=dict(found.items()))
    numbered = {int(number): spot for number, spot in sections.routes.spots.items()}
    root.children["routes"] = Spot(str(folder / "channels.yaml"), 0, 0, children=dict(numbered.items()))
    root.children["aliases"] = Spot(str(folder / "rules.yaml"), 0, 0, children=dict(sections.aliases.spots.items()))
    return root
