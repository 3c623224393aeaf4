"""The configuration, read with every kind of source and channel that there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from monitor.channels.registry import CHANNEL_KINDS
from monitor.config import load as loading
from monitor.config.load import Loaded, LoadReport
from monitor.extract.registry import SOURCE_KINDS
from monitor.model.errors import ConfigError, ConfigProblem, StoreError
from monitor.model.kind import KnownKinds

_ODD: Final = re.compile(r"[?#%]|///(?:file:|:memory:|$)")
KNOWN_KINDS: Final = KnownKinds(
    sources=SOURCE_KINDS,
    channels=CHANNEL_KINDS,
)


def load(folder: Path, environ: Mapping[str, str]) -> Loaded:
    """Read the configuration as monitor.config.load does. Raises ConfigError with every fault of every file."""
    report = read(folder, environ)
    if report.problems:
        raise ConfigError(report.problems)
    return report.loaded


def read(folder: Path, environ: Mapping[str, str], instead: Mapping[Path, bytes] | None = None) -> LoadReport:
    """Read as `load` does, but return the faults beside what could be read; `instead` stands in place of what files hold."""
    report = loading.read(folder, environ, KNOWN_KINDS, instead)
    if report.database_problems or not (fault := _database_fault(report.loaded.settings.database)):
        return report
    if environ.get(loading.DATABASE_VARIABLE):
        problem = ConfigProblem(loading.DATABASE_VARIABLE, 0, 0, fault, "", "CFG040")
    else:
        problem = report.loaded.places.problem(("monitor", "database"), fault, "", "CFG015")
    return replace(report, problems=loading.in_order((*report.problems, problem)), database_problems=(problem,))


def _database_fault(url: str) -> str:
    """Return why the store could not open a database of this URL, "" where it could as far as the text tells."""
    if url.startswith("sqlite:///") and not _ODD.search(url):
        return ""  # the library behind the store takes its time to be imported
    from monitor.store.db.engines import read_url  # noqa: PLC0415

    try:
        read_url(url)
    except StoreError as error:
        return str(error)
    return ""
