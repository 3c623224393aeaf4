"""Why something was told, or not, and what the line would make of an address (`monitor explain`, `monitor doctor --trace`)."""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial

from monitor.model.errors import MonitorError
from monitor.model.explained import Explained
from monitor.model.plan import Plan
from monitor.service.commands.channel_trials import ChannelTrials
from monitor.service.explain import ExplainQuery, Ground
from monitor.service.explainer import Explainer
from monitor.service.installation import Installation
from monitor.service.queries import Queries


class Explaining:
    """Questions to an installation about one address or hit."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def explain(
        self, target: str, rule_id: str, now: datetime, *, live: bool = True, queries: Queries | None = None
    ) -> Explained:
        """Return why something was told or not: `target` is an address or the number of a hit; all rules for "".

        With `live` an address that no list has shown is tried, which stores and sends nothing. `queries` asks the database in
        place of the installation itself. Raises ConfigError, StoreError, MonitorError for a hit or rule that there is not.
        """
        asking = queries or self._installation
        explainer = await self._explainer(await asking.plan_in_force(), asking)
        return await explainer.explain(ExplainQuery(target, rule_id, now), live=live)

    async def trace(self, url: str, now: datetime) -> Explained:
        """Return what the line would make of an address now, by the files; nothing is stored or sent. Raises ConfigError, MonitorError."""
        query = ExplainQuery(url, "", now)
        if query.hit_id is not None:
            raise MonitorError(f"{url!r} is no address (https://…)")
        installation = self._installation
        explainer = await self._explainer(installation.files.plan, installation)
        return await explainer.trace(query, installation.settings)

    async def _explainer(self, matching: Plan, queries: Queries) -> Explainer:
        installation = self._installation
        plan = await installation.planned(queries)
        analyser = None if installation.problems else (await installation.prepare()).analyser
        return Explainer(
            queries=queries,
            ground=Ground(matching if matching.version else plan, plan, analyser),
            settings=None if installation.problems else installation.settings,
            audience=partial(ChannelTrials(installation).audience, queries=queries),
            timer=time.perf_counter,
        )
