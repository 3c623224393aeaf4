"""Channels tried: who would hear of a rule (`monitor routes`), and whether a sample is taken (`monitor test-webhook`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.model.errors import ConfigError, StoreError
from monitor.model.names import unknown_name
from monitor.model.records import HearingRecord, SampleRecord
from monitor.service.audience import audience
from monitor.service.installation import Installation
from monitor.service.queries import Queries


class ChannelTrials:
    """Tries the routes and channels of an installation's files; nothing is stored."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def audience(
        self, rule_id: str, source_id: str, at: datetime, *, queries: Queries | None = None
    ) -> tuple[HearingRecord, ...]:
        """Return who would hear at that moment of a rule's hit in the source, "" for each that it looks at, by the files.

        Silences and shut channels are those that the database knows, none where there is no file of it yet; `queries` asks it
        in place of the installation itself. Raises ConfigError, StoreError, UnknownNameError for an unknown rule.
        """
        loaded = self._installation.files
        rule = loaded.plan.rule(rule_id)
        if rule is None:
            raise unknown_name("rule", rule_id, [one.id for one in loaded.plan.rules])
        file = self._installation.database_file
        known = file is None or file.exists()
        asking = queries or self._installation
        closed = await asking.ask(lambda reader: reader.closed_channels()) if known else {}
        silences = await asking.silences() if known else ()
        return audience(loaded, rule, source_id, closed=closed, silences=silences, at=at)

    async def send_sample(
        self, channel_id: str, message_type: str, now: datetime, *, queries: Queries | None = None
    ) -> SampleRecord:
        """Send a marked sample through a channel of the files, once and outside its line; nothing is stored.

        Where the database can be asked, by `queries` in place of the installation itself, it says how the line fares. Raises
        ConfigError, also for a channel without URL, MonitorError for an unknown one, KeyError for a type of message that there
        is not.
        """
        from monitor.service import sample_sending  # noqa: PLC0415 - HTTP, which all else here does without

        files = self._installation.files
        channel = files.plan.channel(channel_id)
        if channel is None:
            raise unknown_name("channel", channel_id, [one.id for one in files.plan.channels])
        if not channel.url:
            hint = "write `url`, or set the variable that it names"
            place = ("channels", channel_id, "url")
            raise ConfigError((files.places.key_problem(place, f"channel {channel_id} has no URL", hint),))
        sent = await sample_sending.send_sample(files.settings, channel, message_type, now)
        file = self._installation.database_file
        try:
            known = (
                {one.id: one for one in await (queries or self._installation).channels(now)}
                if file is None or file.exists()
                else None
            )
        except StoreError:
            known = None  # `monitor doctor` says what is wrong with it
        fares = known.get(channel_id) if known is not None else None
        return replace(sent, notes=sample_sending.line_notes(channel, fares, known=known is not None))
