"""Sources as they come into the files: found on a site, tried live, written, confirmed, exchanged with a feed reader."""

from __future__ import annotations

import asyncio
from pathlib import Path

from monitor.model.names import unknown_name
from monitor.model.trial import Candidate, Found, Trial
from monitor.service import discovery, subscriptions, try_source
from monitor.service.clock import utc_now
from monitor.service.config_history import ConfigHistory, of_new_file
from monitor.service.configuration import read
from monitor.service.current_plan import prepare
from monitor.service.installation import Installation


class SourceSetup:
    """Commands and questions about the sources in an installation's files."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def discover(self, url: str) -> Found:
        """Find how a site can be watched. Raises ConfigError, FetchError, ExtractError, and MonitorError when there is no way."""
        return await discovery.discover(url, self._installation.settings)

    async def new(self, found: Found, chosen: Candidate, wanted: str) -> tuple[str, str]:
        """Return the id for a new source and the file's text; an id that is not wanted in particular ("") is a free one."""
        taken = {source.id for source in self._installation.files.plan.sources}
        source_id = wanted or discovery.free_id(self._installation.folder, taken, found.stem)
        return source_id, discovery.source_yaml(found, chosen, source_id)

    async def add(self, source_id: str, text: str, *, author: str = "") -> Path:
        """Write a new source and check all files with it; where they have a fault then, it goes again.

        With an `author` it is remembered who did. Raises ConfigError, OSError, and FileExistsError rather than overwrite anything.
        """
        folder, environ = self._installation.folder, self._installation.environ

        def written() -> Path:
            file = discovery.write(folder, source_id, text, lambda: prepare(read(folder, environ), analyse=False))
            if author:
                loaded = read(folder, environ).loaded
                name = file.relative_to(folder).as_posix()
                made = of_new_file(name, text, author=author, plan=loaded.plan.version, at=utc_now())
                ConfigHistory(loaded.settings.data_dir).add(made)
            return file

        return await asyncio.to_thread(written)

    async def subscriptions(self, path: Path) -> tuple[subscriptions.Subscriptions, str]:
        """Read an OPML file; return what it comes to, and an id that the file of the new sources can have.

        Raises ConfigError, MonitorError, OSError.
        """
        found = await asyncio.to_thread(subscriptions.read, path, self._installation.files.plan.sources)
        return found, discovery.free_id(self._installation.folder, (), subscriptions.file_id(path))

    async def opml(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the feeds that are switched on as OPML, and which sources are not in it and why. Raises ConfigError, StoreError."""
        plan = await self._installation.plan()
        return subscriptions.exported(source for source in plan.sources if source.enabled)

    async def try_live(self, source_id: str, most: int) -> Trial:
        """Poll a source live and read its first `most` articles; nothing is stored. Raises ConfigError, MonitorError."""
        prepared = await self._installation.prepare()
        source = prepared.plan.source(source_id)
        if source is None:
            raise unknown_name("source", source_id, [one.id for one in prepared.plan.sources])
        return await try_source.try_source(source, prepared.rules, prepared.settings, most)

    async def confirm(self, source_id: str) -> str:
        """Take `unverified_live` out of the source in its file; return file and line. Raises ConfigError, MonitorError."""
        folder, environ = self._installation.folder, self._installation.environ
        place = self._installation.files.places.key_problem(("sources", source_id, "unverified_live"), "")
        return await asyncio.to_thread(
            try_source.confirm, place, lambda: try_source.is_confirmed(read(folder, environ), source_id)
        )
