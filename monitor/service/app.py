"""An opened installation: every query and command of cli, daemon and web is a method of the one App.

Its files are read once, when it is opened, and those that a command has changed once more. What only reads the database works while they are wrong, as long as the place
of the database is known: such a query goes by the plan in force, which the database remembers. Parts that only some
methods need are imported there: `monitor hits` must not wait for HTTP, parsers and matchers.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar  # noqa: TID251 - heavy parts are imported late, their types are named
from zoneinfo import ZoneInfo

from monitor.config.load import Loaded
from monitor.config.settings import Settings
from monitor.model.article import Article
from monitor.model.backtest import Backtest, BacktestQuery
from monitor.model.bulk import ArticleQuery, ArticleRow, HitRow
from monitor.model.delivery import Opening
from monitor.model.errors import ConfigError, ConfigProblem, MonitorError, StoreError
from monitor.model.explained import Explained
from monitor.model.feedback import Feedback, NewFeedback
from monitor.model.handling import Handling, HandlingBatch, HandlingSubject, NewHandling
from monitor.model.hit import Explanation, Match
from monitor.model.names import unknown_name
from monitor.model.notification import NewSilence
from monitor.model.plan import Plan
from monitor.model.records import (
    HearingRecord,
    HitQuery,
    SampleRecord,
    SourceRecord,
)
from monitor.model.suggestion import Suggestions
from monitor.model.trial import Candidate, Found, Trial
from monitor.service.configuration import read
from monitor.service.hit_filters import narrowed
from monitor.service.queries import Queries

if TYPE_CHECKING:
    from monitor.service.current_plan import Prepared
    from monitor.service.diagnosis import HealthCheck
    from monitor.service.explainer import Explainer
    from monitor.service.subscriptions import Subscriptions
    from monitor.store.db.sessions import DaemonSession
    from monitor.store.read.queries import SqlReader

T = TypeVar("T")


class App(Queries):
    """Queries and commands to one installation, whether its daemon runs or not."""

    def __init__(self, *, folder: Path, environ: Mapping[str, str]) -> None:
        """Open the installation that `folder` describes. Raises nothing: what is wrong with its files is in `problems`."""
        self._folder = folder
        self._environ = environ
        self._report = read(folder, environ)
        self._prepared: dict[bool, Prepared] = {}
        self._reader: SqlReader | None = None
        self._opening = threading.Lock()

    @property
    def folder(self) -> Path:
        """Return the folder of its configuration files."""
        return self._folder

    @property
    def environ(self) -> Mapping[str, str]:
        """Return the environment that it was opened in."""
        return self._environ

    @property
    def problems(self) -> tuple[ConfigProblem, ...]:
        """Return the faults of the files; while there is any, queries go by the plan in force."""
        return self._report.problems

    @property
    def database_problems(self) -> tuple[ConfigProblem, ...]:
        """Return those of the faults that leave unknown which database is meant."""
        return self._report.database_problems

    @property
    def files(self) -> Loaded:
        """Return what the files mean, as far as one can see without the other rooms. Raises ConfigError."""
        if self._report.problems:
            raise ConfigError(self._report.problems)
        return self._report.loaded

    @property
    def settings(self) -> Settings:
        """Return the settings. Raises ConfigError when any file is wrong."""
        return self.files.settings

    @property
    def database(self) -> str:
        """Return the URL of the database, which may hold a password. Raises ConfigError when the files leave it unknown."""
        if self._report.database_problems:
            raise ConfigError(self._report.database_problems)
        return self._report.loaded.settings.database

    @property
    def data_dir(self) -> Path:
        """Return the data folder. Raises ConfigError when the files leave it unknown."""
        if self._report.data_dir_problems:
            raise ConfigError(self._report.data_dir_problems)
        return self._report.loaded.settings.data_dir

    async def plan(self) -> Plan:
        """Return the plan that queries go by: that of the files, or while they are wrong the one in force, as remembered.

        Raises ConfigError, StoreError.
        """
        if not self._report.problems:
            return self._report.loaded.plan
        return await self.plan_in_force()

    async def open_channel(self, channel_id: str) -> Opening:
        """Open a channel that its receiver had shut; a daemon sends what waits within a second. Raises ConfigError, StoreError."""
        from monitor.service import channel_opening
        from monitor.service.clock import utc_now
        from monitor.store.db.database import Database
        from monitor.store.write.outbox import Outbox

        plan, database = await self.plan(), Database(self.database)
        try:
            return await channel_opening.open_channel(Outbox(database), channel_id, plan, utc_now())
        finally:
            await database.aclose()

    async def send_sample(
        self, channel_id: str, message_type: str, now: datetime, *, queries: Queries | None = None
    ) -> SampleRecord:
        """Send a marked sample through a channel of the files, once and outside its line; nothing is stored.

        Where the database can be asked, by `queries` in place of the App itself, it says how the line fares. Raises ConfigError, also for a channel without URL,
        MonitorError for an unknown one, KeyError for a type of message that there is not.
        """
        from monitor.service import sample_sending

        channel = self.files.plan.channel(channel_id)
        if channel is None:
            raise unknown_name("channel", channel_id, [one.id for one in self.files.plan.channels])
        if not channel.url:
            hint = "write `url`, or set the variable that it names"
            place = ("channels", channel_id, "url")
            raise ConfigError((self.files.places.key_problem(place, f"channel {channel_id} has no URL", hint),))
        sent = await sample_sending.send_sample(self.settings, channel, message_type, now)
        file = self._database_file()
        try:
            known = (
                {one.id: one for one in await (queries or self).channels(now)}
                if file is None or file.exists()
                else None
            )
        except StoreError:
            known = None  # `monitor doctor` says what is wrong with it
        fares = known.get(channel_id) if known is not None else None
        return replace(sent, notes=sample_sending.line_notes(channel, fares, known=known is not None))

    async def idle(self, records: Sequence[SourceRecord], now: datetime) -> str:
        """Return that no daemon runs although some of these sources are overdue, and what to do; else "".

        Raises ConfigError, StoreError.
        """
        from monitor.service.overdue import missed_without_a_daemon

        if self._report.data_dir_problems or self.running_since() is not None:
            return ""
        overdue = missed_without_a_daemon(records, await self.plan(), now)
        return f"no daemon runs on {self.data_dir}, sources overdue: {overdue} -> monitor run" if overdue else ""

    async def health(self, *, quick: bool, queries: Queries | None = None) -> tuple[HealthCheck, ...]:
        """Return what was inspected: files, daemon and database; unless `quick`, also sources, outbox and disk.

        `queries` asks the database in place of the App itself.
        """
        from monitor.service import diagnosis
        from monitor.service.clock import utc_now

        asking = queries or self
        problems: tuple[ConfigProblem, ...] = ()
        try:
            version = (await self.prepare(analyse=False)).plan.version
        except ConfigError as error:
            version, problems = "", error.problems
        checks = [diagnosis.files(version, problems), *diagnosis.ways_out(self._report.loaded.settings, self._environ)]
        others = await self.other_daemons(asking)
        if not self._report.data_dir_problems:
            checks.append(diagnosis.daemon(self.data_dir, self._database_file(), others))
        if not self._report.database_problems:
            try:
                plan = await self._planned(asking)
                checks.extend(diagnosis.rights(plan.sources))
                zone = ZoneInfo(plan.zone)
                late = timedelta(seconds=self._report.loaded.settings.deliver.late)
                checks.extend(
                    await asking.ask(
                        lambda reader: diagnosis.stored(
                            reader, lambda one: self.source_records(one, plan, utc_now()), zone, late=late, quick=quick
                        )
                    )
                )
                if not quick and (asked := self._report.loaded.settings.heartbeat):
                    last = await asking.ask(lambda reader: reader.last_event("heartbeat"))
                    checks.extend(diagnosis.heartbeat(asked, last, utc_now(), zone))
            except MonitorError as error:
                checks.append(diagnosis.unreadable(error))
        if not quick and version:
            checks.extend(await self._stale(version, others, asking))
        if not quick and not self._report.data_dir_problems:
            asked_for = self._report.loaded.settings.watchdog
            checks.extend(diagnosis.kept(self.data_dir, asked_for, utc_now(), self.running_since()))
        return tuple(checks)

    async def _stale(self, version: str, others: Sequence[DaemonSession], asking: Queries) -> tuple[HealthCheck, ...]:
        """Return that a daemon runs by another plan than the files say, where it is so."""
        from monitor.service import diagnosis

        if self.running_since() is None:
            return ()
        try:
            in_force = await asking.ask(lambda reader: reader.plan_version())
        except MonitorError:
            return ()  # told already
        return diagnosis.stale(version, in_force, others)

    async def other_daemons(self, queries: Queries | None = None) -> tuple[DaemonSession, ...]:
        """Return the daemons of other data folders on the database, () where that cannot be told.

        `queries` asks the database in place of the App itself.
        """
        from monitor.service import lock, sharing

        if self._report.database_problems or self._report.data_dir_problems:
            return ()
        try:
            return sharing.others_on(await (queries or self).daemons(), lock.known_id(self.data_dir))
        except MonitorError:
            return ()  # told with the database

    def _database_file(self) -> Path | None:
        """Return the file of the database; None for one on a server, or where the files leave it unknown."""
        from monitor.store.db.engines import database_file

        return None if self._report.database_problems else database_file(self.database)

    async def prepare(self, *, analyse: bool = True) -> Prepared:
        """Return the files' meaning, checked by every room and compiled. Raises ConfigError with all problems at once."""
        from monitor.service.current_plan import prepare

        if analyse not in self._prepared:
            self._prepared[analyse] = await asyncio.to_thread(prepare, self._report, analyse=analyse)
        return self._prepared[analyse]

    def ready(self) -> Prepared:
        """Return the same with the analyser's model loaded, which takes seconds. Raises ConfigError."""
        from monitor.service.current_plan import ready

        return ready(self._report)

    async def reread(self, accept: Callable[[Prepared], None] = lambda _: None) -> Prepared:
        """Read the files again and return them ready for matching; on ConfigError what was read before stays.

        `accept` may raise ConfigError as well, for what is right in itself and must not follow what was before.
        Settings stay as they were at the opening: a running process cannot change them.
        """
        from monitor.service.current_plan import ready

        report = await asyncio.to_thread(read, self._folder, self._environ)
        prepared = await asyncio.to_thread(ready, report)
        accept(prepared)
        self._report = replace(report, loaded=replace(report.loaded, settings=self._report.loaded.settings))
        self._prepared.clear()
        return prepared

    async def article(self, target: str) -> Article:
        """Read the article that rules are to be tried on: a URL, a file, or `-` for standard input.

        A URL is fetched with the manners and guards of the settings. Raises ConfigError, MonitorError.
        """
        from monitor.service import rule_trial

        if target.startswith(("http://", "https://")):
            return await rule_trial.fetched(target, self.settings)
        return await asyncio.to_thread(rule_trial.written, target)

    async def matches(
        self, rule_id: str, expression: str, subject: Article
    ) -> tuple[tuple[str, tuple[Match, ...]], ...]:
        """Hold one rule, an expression, or (neither given) every rule against an article, whatever its source.

        Raises ConfigError, QueryError for a bad expression, MonitorError for an unknown rule.
        """
        from monitor.service import rule_trial

        prepared = await self.prepare()
        return await asyncio.to_thread(rule_trial.matches, prepared, rule_id, expression, subject)

    async def explanations(
        self, rule_id: str, expression: str, subject: Article
    ) -> tuple[tuple[str, Explanation], ...]:
        """Return for each chosen rule what was refused and what is missing; chosen and raising as in `matches`."""
        from monitor.service import rule_trial

        prepared = await self.prepare()
        return await asyncio.to_thread(rule_trial.explanations, prepared, rule_id, expression, subject)

    async def explain(
        self, target: str, rule_id: str, now: datetime, *, live: bool = True, queries: Queries | None = None
    ) -> Explained:
        """Return why something was told or not: `target` is an address or the number of a hit; all rules for "".

        With `live` an address that no list has shown is tried, which stores and sends nothing. `queries` asks the database in place of
        the App itself. Raises ConfigError, StoreError,
        MonitorError for a hit or rule that there is not.
        """
        from monitor.service.explain import ExplainQuery

        asking = queries or self
        explainer = await self._explainer(await asking.plan_in_force(), asking)
        return await explainer.explain(ExplainQuery(target, rule_id, now), live=live)

    async def trace(self, url: str, now: datetime) -> Explained:
        """Return what the line would make of an address now, by the files; nothing is stored or sent. Raises ConfigError, MonitorError."""
        from monitor.service.explain import ExplainQuery

        query = ExplainQuery(url, "", now)
        if query.hit_id is not None:
            raise MonitorError(f"{url!r} is no address (https://…)")
        return await (await self._explainer(self.files.plan, self)).trace(query, self.settings)

    async def _explainer(self, matching: Plan, queries: Queries) -> Explainer:
        from monitor.service.explain import Ground
        from monitor.service.explainer import Explainer

        plan = await self._planned(queries)
        analyser = None if self._report.problems else (await self.prepare()).analyser
        return Explainer(
            queries=queries,
            ground=Ground(matching if matching.version else plan, plan, analyser),
            settings=None if self._report.problems else self.settings,
            audience=partial(self.audience, queries=queries),
            timer=time.perf_counter,
        )

    async def _planned(self, queries: Queries) -> Plan:
        """Return the plan that the App's own queries go by; while the files are wrong `queries` asks for the one in force."""
        return await queries.plan_in_force() if self._report.problems else self._report.loaded.plan

    async def backtest(
        self,
        query: BacktestQuery,
        progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005 - nobody watches
        stop: Callable[[], bool] = lambda: False,
        queries: Queries | None = None,
        proposed: Prepared | None = None,
    ) -> Backtest:
        """Return what a rule would have found and told over the stored articles; `stop` ends it with what is known so far.

        `progress` hears of how many articles of how many were looked at, in another thread. `queries` asks the database in
        place of the App itself; `proposed` stands in place of what the files say. Raises ConfigError, StoreError, QueryError for a bad expression, UnknownNameError.
        """
        from monitor.service import backtest, backtest_counts, backtest_walk

        asking, prepared = queries or self, proposed or await self.prepare()
        plan = prepared.plan
        if (count := plan.count_rule(query.rule_id)) is not None and not query.expression:
            return await asking.ask(lambda reader: backtest_counts.backtest_count(reader, count, plan, query))
        rules = backtest.rules_to_try(plan, query)
        in_force = await asking.plan_in_force() if query.against else None
        tried = await asyncio.to_thread(backtest_walk.tried, plan, rules, prepared.analyser, in_force)
        done = await asking.ask(lambda reader: backtest.backtest(reader, query, tried, progress, stop))
        if not query.all_rules or done.span.cut:
            return done
        counts = await asking.ask(lambda reader: backtest_counts.backtest_counts(reader, plan, query))
        return replace(done, rules=(*done.rules, *counts))

    async def try_source(self, source_id: str, most: int) -> Trial:
        """Poll a source live and read its first `most` articles; nothing is stored. Raises ConfigError, MonitorError."""
        from monitor.service.try_source import try_source

        prepared = await self.prepare()
        source = prepared.plan.source(source_id)
        if source is None:
            raise unknown_name("source", source_id, [one.id for one in prepared.plan.sources])
        return await try_source(source, prepared.rules, prepared.settings, most)

    async def confirm_source(self, source_id: str) -> str:
        """Take `unverified_live` out of the source in its file; return file and line. Raises ConfigError, MonitorError."""
        from monitor.service import try_source

        place = self.files.places.key_problem(("sources", source_id, "unverified_live"), "")
        return await asyncio.to_thread(
            try_source.confirm,
            place,
            lambda: try_source.is_confirmed(read(self._folder, self._environ), source_id),
        )

    async def discover(self, url: str) -> Found:
        """Find how a site can be watched. Raises ConfigError, FetchError, ExtractError, and MonitorError when there is no way."""
        from monitor.service import discovery

        return await discovery.discover(url, self.settings)

    async def new_source(self, found: Found, chosen: Candidate, wanted: str) -> tuple[str, str]:
        """Return the id for a new source and the file's text; an id that is not wanted in particular ("") is a free one."""
        from monitor.service import discovery

        taken = {source.id for source in self.files.plan.sources}
        source_id = wanted or discovery.free_id(self._folder, taken, found.stem)
        return source_id, discovery.source_yaml(found, chosen, source_id)

    async def subscriptions(self, path: Path) -> tuple[Subscriptions, str]:
        """Read an OPML file; return what it comes to, and an id that the file of the new sources can have.

        Raises ConfigError, MonitorError, OSError.
        """
        from monitor.service import discovery, subscriptions

        found = await asyncio.to_thread(subscriptions.read, path, self.files.plan.sources)
        return found, discovery.free_id(self._folder, (), subscriptions.file_id(path))

    async def opml(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the feeds that are switched on as OPML, and which sources are not in it and why. Raises ConfigError, StoreError."""
        from monitor.service.subscriptions import exported

        return exported(source for source in (await self.plan()).sources if source.enabled)

    async def add_source(self, source_id: str, text: str, *, author: str = "") -> Path:
        """Write a new source and check all files with it; where they have a fault then, it goes again.

        With an `author` it is remembered who did. Raises ConfigError, OSError, and FileExistsError rather than overwrite anything.
        """
        from monitor.service import discovery
        from monitor.service.clock import utc_now
        from monitor.service.config_history import ConfigHistory, of_new_file
        from monitor.service.current_plan import prepare

        def written() -> Path:
            file = discovery.write(
                self._folder, source_id, text, lambda: prepare(read(self._folder, self._environ), analyse=False)
            )
            if author:
                loaded = read(self._folder, self._environ).loaded
                name = file.relative_to(self._folder).as_posix()
                made = of_new_file(name, text, author=author, plan=loaded.plan.version, at=utc_now())
                ConfigHistory(loaded.settings.data_dir).add(made)
            return file

        return await asyncio.to_thread(written)

    async def audience(
        self, rule_id: str, source_id: str, at: datetime, *, queries: Queries | None = None
    ) -> tuple[HearingRecord, ...]:
        """Return who would hear at that moment of a rule's hit in the source, "" for each that it looks at, by the files.

        Silences and shut channels are those that the database knows, none where there is no file of it yet; `queries` asks it
        in place of the App itself. Raises ConfigError, StoreError, UnknownNameError for an unknown rule.
        """
        from monitor.service.audience import audience

        loaded = self.files
        rule = loaded.plan.rule(rule_id)
        if rule is None:
            raise unknown_name("rule", rule_id, [one.id for one in loaded.plan.rules])
        file = self._database_file()
        known = file is None or file.exists()
        asking = queries or self
        closed = await asking.ask(lambda reader: reader.closed_channels()) if known else {}
        silences = await asking.silences() if known else ()
        return audience(loaded, rule, source_id, closed=closed, silences=silences, at=at)

    async def add_silence(self, wanted: NewSilence) -> int:
        """Store a silence, which a running daemon heeds from its next decision on; return its number.

        Raises ConfigError, StoreError.
        """
        from monitor.store.db.database import Database
        from monitor.store.write.silence_store import SilenceStore

        database = Database(self.database)
        try:
            return await SilenceStore(database).add(wanted)
        finally:
            await database.aclose()

    async def end_silence(self, silence_id: int, now: datetime) -> bool | None:
        """End a silence; return whether it was in force until now, None when there is none. Raises ConfigError, StoreError."""
        from monitor.store.db.database import Database
        from monitor.store.write.silence_store import SilenceStore

        database = Database(self.database)
        try:
            return await SilenceStore(database).end(silence_id, now)
        finally:
            await database.aclose()

    async def handle(self, subject: HandlingSubject, said: NewHandling) -> Handling:
        """Store what somebody says of a hit or a story; return what holds from now on.

        Raises ConfigError, StoreError, MonitorError for no such hit or story.
        """
        from monitor.service.handling import handle

        return await handle(self.database, subject, said)

    async def add_feedback(self, hit_id: int, said: NewFeedback) -> Feedback:
        """Store whether a hit was meant, as somebody says; return what holds from now on.

        Raises ConfigError, StoreError, MonitorError for no such hit.
        """
        from monitor.service.feedback import add_feedback

        return await add_feedback(self.database, hit_id, said)

    async def handle_all(self, subjects: Sequence[HandlingSubject], said: NewHandling) -> HandlingBatch:
        """Store what somebody says of many hits and stories, of all or of none. Raises ConfigError, StoreError."""
        from monitor.service.handling import handle_all

        return await handle_all(self.database, subjects, said)

    async def undo_handling(self, batch: HandlingBatch, author: str, at: datetime) -> int:
        """Take back what a batch said, but for what somebody has spoken of since; return of how many. Raises ConfigError, StoreError."""
        from monitor.service.handling import undo

        return await undo(self.database, batch, author, at)

    async def suggest(self, hit_id: int, now: datetime, *, queries: Queries | None = None) -> Suggestions:
        """Return what the rule of a hit, as the files have it, could refuse so that this hit and those like it are found no more.

        `queries` asks the database in place of the App itself. Raises ConfigError, StoreError, MonitorError for a hit that there
        is not and for a rule that is gone.
        """
        from monitor.service.feedback_suggestions import suggest

        prepared = await self.prepare()
        plan, analyser = prepared.plan, prepared.analyser
        found = await (queries or self).ask(lambda reader: suggest(reader, hit_id, plan, analyser, now))
        place = self.files.places.key_problem(("rules", found.rule_id, "match"), "")
        return replace(found, place=f"{place.file}:{place.line}")

    async def replay(self, ids: Sequence[str], *, queries: Queries | None = None) -> tuple[tuple[str, str], ...]:
        """Put deliveries back into the outbox; a daemon sends them within a second. Returns (id, outcome).

        An id may be given by its end, as tables show it. `ambiguous`: several end so, none is touched. `queries`
        asks the database in place of the App itself. Raises ConfigError, StoreError.
        """
        from monitor.channels.words.compose import compose
        from monitor.service.clock import utc_now
        from monitor.store.db.database import Database
        from monitor.store.write.outbox import Outbox

        meant = {given: await _delivery_id(given, queries or self) for given in ids}
        known = [meant[given] for given in ids if meant[given]]
        database = Database(self.database)
        try:
            composing = partial(compose, desk_url=(await self.plan()).desk_url)
            outcomes = iter(await Outbox(database).replay(known, composing, utc_now()))
            return tuple(next(outcomes) if meant[given] else (given, "ambiguous") for given in ids)
        finally:
            await database.aclose()

    def nobody_sends(self) -> str:
        """Return that no daemon runs that would send what is due, and what to do; "" while one runs, or may elsewhere."""
        if self._database_file() is None or self._report.data_dir_problems or self.running_since() is not None:
            return ""
        return f"no daemon runs on {self.data_dir}: what is due is sent once one does -> monitor run"

    async def upgrade(self, *, backup: bool = True) -> tuple[str, ...]:
        """Bring the database to this program's schema; return its revision, and lines about the copy made before.

        Raises ConfigError, StoreError.
        """
        from monitor.service.backups import guard, in_words
        from monitor.service.clock import utc_now
        from monitor.store.db.migrate import upgrade

        said: list[str] = []
        tell = guard(self.database, self.data_dir, utc_now, lambda *copied: said.append(in_words(*copied)))
        revision = await asyncio.to_thread(upgrade, self.database, tell if backup else None)
        return revision, *said

    async def backup(self, file: Path | None = None) -> Path:
        """Copy a SQLite database to a new file, one in the data folder's `backups` without a name; return its path.

        A running daemon goes on meanwhile. Raises ConfigError, StoreError.
        """
        from monitor.service import backups
        from monitor.service.clock import utc_now

        place = file or backups.folder(self.data_dir) / backups.name(utc_now())
        return await asyncio.to_thread(backups.copied, self.database, place)

    async def request_reload(self, *, allow_empty: bool = False) -> tuple[str, ...]:
        """Have the running daemon take the files' plan and wait until it has; return what came of it, in lines.

        Raises ConfigError when the files are wrong, or when a file is gone or the plan would lose all its rules, sources
        or channels, and `allow_empty` does not say that this is meant (the daemon is not disturbed then), and MonitorError
        when no daemon runs on the data folder or it does not answer in time.
        """
        from monitor.service import ask_reload

        prepared = await self.prepare()
        return await ask_reload.request(
            prepared, self._folder, self.plan_in_force, self.plan_changes, allow_empty=allow_empty
        )

    async def plan_changes(self) -> tuple[str, ...]:
        """Return what a reload would change, in lines; () where the files say what is in force.

        The last of them say which stored articles new and changed rules match, as far as a second suffices for counting.
        Raises ConfigError, StoreError.
        """
        from monitor.service.clock import utc_now
        from monitor.service.plan_change import changes
        from monitor.service.untold import untold
        from monitor.store.tables.plan_summary import summary_of

        prepared = await self.prepare(analyse=False)
        changed = changes(await self.ask(lambda reader: reader.summary_in_force()), summary_of(prepared.plan))
        if not changed:
            return ()
        plan, rules = prepared.plan, prepared.rules
        found = await self.ask(lambda reader: untold(reader, plan, rules, utc_now(), time.monotonic))
        return *changed, *found.lines()

    async def refused_losses(self) -> tuple[str, ...]:
        """Return why a reload would be refused although the files are right, in lines. Raises ConfigError, StoreError."""
        from monitor.service.plan_change import lost

        prepared = await self.prepare(analyse=False)
        faults = lost(await self.plan_in_force(), prepared.plan, self._folder)
        return tuple(f"monitor reload refuses it without --allow-empty: {fault.message}" for fault in faults)

    async def rules_without_hits(self) -> tuple[str, ...]:
        """Return the rules in force that have no hit although articles are stored; () where there is no database file.

        A database on a server is not asked: files are checked where it cannot be reached, too. Raises ConfigError.
        """
        file = self._database_file()
        if file is None or not file.exists():
            return ()
        plan = self.files.plan

        def ask(reader: SqlReader) -> tuple[str, ...]:
            known = {rule.id for rule in reader.plan_in_force().rules}
            return reader.without_hits([rule.id for rule in plan.rules if rule.id in known])

        try:
            return await self.ask(ask)
        except StoreError:
            return ()  # `monitor doctor` says what is wrong with it

    async def count_outlooks(self, now: datetime) -> tuple[str, ...]:
        """Return what the files' rules over counts would tell of what is stored; () where there is no database file.

        A database on a server is not asked, as by `rules_without_hits`. Raises ConfigError.
        """
        from monitor.service.count_outlook import count_outlooks

        file = self._database_file()
        if file is None or not file.exists():
            return ()
        try:
            return await count_outlooks(self.database, self.files.plan, now)
        except StoreError:
            return ()  # `monitor doctor` says what is wrong with it

    async def ask(self, question: Callable[[SqlReader], T]) -> T:
        """Ask the database in a thread, so that no event loop waits for it."""
        return await asyncio.to_thread(lambda: question(self._opened_reader()))

    def running_since(self) -> datetime | None:
        """Return since when a daemon runs; None while none does, or where it would is not known."""
        from monitor.service import lock

        return None if self._report.data_dir_problems else lock.running_since(self.data_dir)

    def _opened_reader(self) -> SqlReader:
        """Return the reader, opened at the first question. Raises ConfigError, StoreError."""
        from monitor.store.read.queries import SqlReader

        with self._opening:
            if self._reader is None:
                self._reader = SqlReader(self.database)
            return self._reader

    async def exported_hits(self, query: HitQuery, *, tag: str = "", severity: str = "") -> Iterator[Sequence[HitRow]]:
        """Return the hits that the query asks for, in bulk and read as they are taken. Raises ConfigError, StoreError."""
        return self._opened_reader().hit_rows(narrowed(query, await self.plan(), tag, severity))

    def exported_articles(self, query: ArticleQuery) -> Iterator[Sequence[ArticleRow]]:
        """Return stored articles, likewise. Raises ConfigError, StoreError."""
        return self._opened_reader().article_rows(query)

    def close(self) -> None:
        """Close the connection to the database, where one was opened."""
        if self._reader is not None:
            self._reader.close()

    def __enter__(self) -> Self:
        """Return this App; leaving the block closes it."""
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


async def _delivery_id(given: str, queries: Queries) -> str:
    """Return the id that ends so, the given text where none does, and "" where several do."""
    ending = given.removeprefix("…").removeprefix("...").lower()
    found = await queries.ask(lambda reader: reader.delivery_ids(ending))
    return "" if len(found) > 1 else found[0] if found else given
