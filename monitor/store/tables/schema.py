"""The tables. Names are part of the contract (views are the public one); migrations/ builds what stands here.

No foreign key leads to a source, rule or channel: those live in the plan, which comes and goes without the rows.
The migrations give an index of some rows its condition on both databases; here it stands for SQLite alone, because naming
PostgreSQL's imports that dialect, also for commands on a file.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)

from monitor.store.db.dialects import DerivedJson, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""One rule for the names of constraints, so that a later migration can name what it alters."""

metadata = MetaData(naming_convention=NAMING)

# SQLite counts rows by itself only in a column declared INTEGER; PostgreSQL would run out of those.
_Serial = BigInteger().with_variant(Integer(), "sqlite")
_UNFINISHED = text("state IN ('pending', 'leased')")
_PENDING = text("state = 'pending'")


def _text(name: str) -> Column[str]:
    """Return a text column that is never NULL: "" says "none"."""
    return Column(name, Text, nullable=False, server_default="")


source_state = Table(
    "source_state",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _text("kind"),
    Column("enabled", Boolean, nullable=False),
    Column("tier", Integer, nullable=False, server_default="2"),  # 1 to 3, as the plan says
    Column("rights", Text, nullable=False, server_default="full"),  # full | excerpt | link, as the plan says
    _text("definition"),  # digest of what the plan says; a new one makes the source due at once
    Column(
        "validators", DerivedJson, nullable=False
    ),  # {url: {etag, last_modified, body_hash, list}}, for URLs read at least once
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_success_at", UtcDateTime),
    _text("last_error"),
    Column("next_poll_at", UtcDateTime),
    Column("lists_due_at", UtcDateTime),  # of its lists and feeds; before that only entries are tried again
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    Column("last_elapsed_ms", Float),
    Column("arrivals", DerivedJson),  # what its lists taught of its rhythm: monitor.store.tables.rows.arrivals_values
    Column("burst", DerivedJson),  # {until, at, spent}
    Index(None, "next_poll_at"),
)

entry = Table(
    "entry",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),
    _text("title"),
    _text("summary"),
    _text("author"),
    Column("published_at", UtcDateTime),
    Column("modified_at", UtcDateTime),  # last, as a list says
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("baseline", Boolean, nullable=False, server_default=false()),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    _text("last_error"),
    _text("item_id"),  # what the feed calls the item
    _text("content"),  # while it waits: more than a summary may be needed in place of its page
    Column("forms", DerivedJson),  # [mark of a headline under which a list has shown it]
    Column("readings", Integer, nullable=False, server_default="0"),  # how often a change had it read again
    Column("article_id", BigInteger),  # the article it led to; that one's key may be that of its canonical address
    Column("done_at", UtcDateTime),
    UniqueConstraint("source_id", "key"),
    CheckConstraint("state IN ('pending', 'done', 'ignored', 'dead')", name="state"),
    Index(None, "article_id"),
)
Index("ix_entry_waiting", entry.c.source_id, entry.c.first_seen_at, sqlite_where=_PENDING)

story = Table(
    "story",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("continues", Text, ForeignKey("story.id")),  # the act before this one
    _text("root_id"),  # the first act of them all, which may be gone; its own id where it continues none
    Column("related", Text, ForeignKey("story.id")),  # nearly like it, and as recent
    Index(None, "root_id"),
)
for _tie in (story.c.continues, story.c.related):
    Index(None, _tie, sqlite_where=_tie.is_not(None))

article = Table(
    "article",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("key", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("url", Text, nullable=False),
    _text("canonical_url"),
    _text("title"),
    _text("subtitle"),
    _text("body"),
    Column("captions", JSON, nullable=False),  # [text]
    Column("authors", JSON, nullable=False),  # [name]
    _text("section"),
    _text("lang"),
    Column("published_at", UtcDateTime),
    Column("modified_at", UtcDateTime),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("field_sources", JSON, nullable=False),  # {field: which way won}
    Column("story_id", Text, ForeignKey("story.id"), nullable=False),
    _text("listed_title"),  # what the list said, where the page says something else
    _text("listed_summary"),
    _text("text_mark"),  # of the text, where excerpts stand in its place: monitor.store.tables.kept_text
    _text("day"),  # monitor.store.tables.rows.korean_day
    UniqueConstraint("key"),
    Index(None, "source_id", "stored_at"),
    Index(None, "story_id", "source_id", "stored_at"),  # the outlets of a story are counted from it alone
)

article_revision = Table(  # what an article said before it was rewritten
    "article_revision",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("article_id", _Serial, ForeignKey("article.id"), nullable=False, autoincrement=False),
    Column("replaced_at", UtcDateTime, nullable=False),
    _text("title"),
    _text("subtitle"),
    _text("body"),
    Column("captions", JSON, nullable=False),
    Column("published_at", UtcDateTime),
    Column("modified_at", UtcDateTime),
    _text("listed_title"),
    _text("listed_summary"),
    Index(None, "article_id"),
)

follow_up = Table(  # an article that somebody was told of, as far as it is looked at again
    "follow_up",
    metadata,
    Column("article_id", _Serial, ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("source_id", Text, nullable=False),  # the source whose reading was told
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # of the next look; NULL: there is none
    Column("looked_at", UtcDateTime),  # when its page was there last
    Column("gone_at", UtcDateTime),  # since when it was not, NULL while it is
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("validators", DerivedJson),  # {etag, last_modified, body_hash} of the last look
    _text("outcome"),  # once it is over: done | removed | why it was given up
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    Index(None, "source_id", "started_at"),
)
FOLLOWED = text("due_at IS NOT NULL")
Index("ix_follow_up_due_at", follow_up.c.due_at, sqlite_where=FOLLOWED)

story_signature = Table(  # what later articles are compared with; kept for the window in which they may join
    "story_signature",
    metadata,
    Column("article_id", _Serial, ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("story_id", Text, ForeignKey("story.id"), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # article.first_seen_at
    Column("packed", LargeBinary, nullable=False),
    Index(None, "story_id", "article_id"),
)

story_gram = Table(  # rare terms of those articles, and their headlines, as numbers
    "story_gram",
    metadata,
    Column("gram", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", _Serial, primary_key=True, autoincrement=False),
    Index(None, "article_id"),
    sqlite_with_rowid=False,
)

hit = Table(
    "hit",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("article_id", _Serial, ForeignKey("article.id"), nullable=False),
    Column("source_id", Text, nullable=False),  # the source whose reading met the rule; twins may have another
    Column("rule_id", Text, nullable=False),
    Column("rule_name", Text, nullable=False),
    Column("plan_version", Text, nullable=False),
    Column("spans", JSON, nullable=False),  # [{term, alias, field, start, end, surface, reason}]
    Column("mentions", Integer, nullable=False),  # how many spans
    _text("excerpt"),
    _text("terms"),  # that it is found by: monitor.store.tables.facets.hit_terms
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("article_id", "rule_id"),
    Index(None, "created_at", "rule_id"),  # hits by the hour and rule are counted from it alone
    Index(None, "rule_id", "id"),
    Index(None, "source_id", "created_at"),
)

channel_state = Table(
    "channel_state",
    metadata,
    Column("id", Text, primary_key=True),
    Column("next_seq", BigInteger, nullable=False, server_default="1"),
    _text("definition"),  # digest of what the plan says, secrets included and not recoverable
    Column("disabled_at", UtcDateTime),
    _text("reason"),
    Column("failing_since", UtcDateTime),  # how it has answered since it last took a message, as in FailureStreak
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("refused_from", BigInteger, nullable=False, server_default="0"),
    Column("refused_status", Integer),
    Column("refused_since", UtcDateTime),
)

LEFT_PLAN, SWITCHED_OFF, NO_URL = "not in the plan", "switched off", "no URL"
SHUT_BY_PLAN = frozenset({LEFT_PLAN, SWITCHED_OFF, NO_URL})
"""Values of `channel_state.reason` with which the plan shuts a channel; with any other one its receiver did."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", Text, primary_key=True),  # the webhook-id, a UUIDv7
    Column("channel_id", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),  # given when the message is made: receivers see no gap
    Column("state", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the exact bytes to send
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    Column("first_attempt_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("last_status", Integer),
    _text("last_error"),
    Column("type", Text, nullable=False, server_default="hit.created"),
    _text("receipt"),  # under which name its receiver keeps it, where that can edit it; confidential to nobody
    Column("refresh_due_at", UtcDateTime),  # when it is to show its story as that is by then
    Column("refresh_after", UtcDateTime),  # not before that
    Column("refresh_tries", Integer, nullable=False, server_default="0"),  # since it was last edited
    UniqueConstraint("channel_id", "seq"),
    CheckConstraint("state IN ('pending', 'leased', 'done', 'dead')", name="state"),
    Index(None, "state", "id"),
)
_OUTDATED = text("refresh_due_at IS NOT NULL")
Index("ix_delivery_refresh_due_at", delivery.c.refresh_due_at, sqlite_where=_OUTDATED)
UNFINISHED_STATES = tuple(literal_column(f"'{state}'", Text) for state in ("pending", "leased"))
"""States of messages that are still to be sent; literals, so that SQLite sees that their partial index will do."""
Index("ix_delivery_head", delivery.c.channel_id, delivery.c.seq, sqlite_where=_UNFINISHED)

event = Table(  # what was told that is no hit: a source broke, or is well again
    "event",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("type", Text, nullable=False),
    _text("about"),  # in one line
    Column("created_at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),  # monitor.store.tables.rows.notice_values
    Column("hit_id", BigInteger),  # the hit that it tells of again
    Index(None, "type", "about"),
)
_OF_HIT = text("hit_id IS NOT NULL")
Index("ix_event_hit_id", event.c.hit_id, sqlite_where=_OF_HIT)

notification = Table(  # this hit, or event, concerns this channel
    "notification",
    metadata,
    Column("id", Text, primary_key=True),  # a UUIDv7; a message bears that of its first notification
    Column("hit_id", BigInteger, ForeignKey("hit.id")),
    Column("event_id", BigInteger, ForeignKey("event.id")),
    Column("channel_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    _text("reason"),  # why nobody is told
    _text("group_key"),  # those of one channel that wait under one key become one message
    Column("not_before", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivery_id", Text, ForeignKey("delivery.id")),
    Column("silence_id", BigInteger),  # the silence that covers it
    UniqueConstraint("hit_id", "channel_id"),
    CheckConstraint("(hit_id IS NULL) <> (event_id IS NULL)", name="subject"),
    CheckConstraint(
        "(state = 'queued' AND delivery_id IS NOT NULL AND reason = '')"
        " OR (state = 'held' AND delivery_id IS NULL AND reason = '' AND not_before IS NOT NULL AND group_key <> '')"
        " OR (state = 'suppressed' AND delivery_id IS NULL AND reason <> '')",
        name="fate",
    ),
    Index(None, "delivery_id"),
)
_EVENT, UNTOLD, HELD = text("event_id IS NOT NULL"), text("state <> 'queued'"), text("state = 'held'")
Index(
    "ix_notification_event",
    notification.c.event_id,
    notification.c.channel_id,
    unique=True,
    sqlite_where=_EVENT,
)
Index("ix_notification_untold", notification.c.id, sqlite_where=UNTOLD)
Index(
    "ix_notification_held",
    notification.c.channel_id,
    notification.c.group_key,
    notification.c.not_before,
    sqlite_where=HELD,
)

story_alert = Table(  # what a rule has told a channel of a story, each level once
    "story_alert",
    metadata,
    Column("story_id", Text, ForeignKey("story.id"), primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("rule_id", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("notification_id", Text, ForeignKey("notification.id"), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("articles", Integer, nullable=False),  # of the story at that moment
    Column("outlets", Integer, nullable=False),
    Index(None, "notification_id"),
    sqlite_with_rowid=False,
)

count_incident = Table(  # what was under way at a rule over counts: told once, and no teacher of what is usual
    "count_incident",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("calm_since", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),  # when it was last looked at, to a quarter of an hour
    Column("over_at", UtcDateTime),
)
_UNDER_WAY = text("over_at IS NULL")
Index("ix_count_incident_rule_id", count_incident.c.rule_id, count_incident.c.type, count_incident.c.since)
Index(
    "ix_count_incident_under_way",
    count_incident.c.rule_id,
    count_incident.c.type,
    unique=True,
    sqlite_where=_UNDER_WAY,
)

watched_hour = Table(  # in which of the twelve five minutes of an hour a daemon ran and most sources answered
    "watched_hour",
    metadata,
    Column("hour", UtcDateTime, primary_key=True),
    Column("slots", Integer, nullable=False),  # bit 0: the first five minutes
    sqlite_with_rowid=False,
)

silence = Table(
    "silence",
    metadata,
    Column("id", _Serial, primary_key=True),
    _text("rule_id"),  # "" means any
    _text("source_id"),  # "" means any
    Column("created_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    _text("author"),
    _text("why"),
    _text("tag"),  # "" means any rule
    _text("word"),  # "" means whatever a hit mentions
    Column("ended_at", UtcDateTime),  # when somebody ended it before its time; what has ended stays
    Index(None, "ends_at"),
)

handling = Table(  # what people said of a hit or of a story, the last of it is what holds
    "handling",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("hit_id", BigInteger, ForeignKey("hit.id")),
    Column("story_id", Text, ForeignKey("story.id")),  # of a story in acts each act that was there has a row
    Column("state", Text, nullable=False),
    _text("owner"),
    _text("note"),
    _text("author"),  # who said it
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("(hit_id IS NULL) <> (story_id IS NULL)", name="subject"),
    CheckConstraint("state IN ('new', 'kept', 'ignored', 'handled')", name="state"),
    Index(None, "hit_id", "id"),
    Index(None, "story_id", "id"),
)

feedback = Table(  # whether a hit was what its rule means, as people said; the last of it is what holds
    "feedback",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("hit_id", BigInteger, ForeignKey("hit.id"), nullable=False),
    Column("relevance", Text, nullable=False),
    _text("note"),
    _text("author"),  # who said it
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("relevance IN ('meant', 'not_meant', 'none')", name="relevance"),
    Index(None, "hit_id", "id"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", _Serial, primary_key=True),
    _text("name"),
    _text("scope"),
    _text("digest"),  # SHA-256 of the token, which itself is kept nowhere
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    _text("last_used_on"),  # a day, 2026-07-05; "" until it is used
    UniqueConstraint("digest"),
)

web_session = Table(
    "web_session",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of what the cookie holds
    _text("role"),
    _text("proof"),  # argon2id hash of the password that opened it: another password ends it
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

source_health = Table(
    "source_health",
    metadata,
    Column("source_id", Text, primary_key=True),  # "" stands for all sources: an alarm about all sources at once
    Column("polled_at", UtcDateTime),
    Column("failing_since", UtcDateTime),  # since when a list or feed of it gives nothing
    Column(
        "memory", DerivedJson, nullable=False
    ),  # read and written by monitor.health alone; the store reads `cause` of it
)

alarm = Table(
    "alarm",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("cleared_at", UtcDateTime),
    _text("summary_en"),
    _text("summary_ko"),
    _text("action_en"),
    _text("action_ko"),
    Index(None, "source_id", "cleared_at"),
)

source_day = Table(
    "source_day",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("day", Text, primary_key=True),  # a Korean day, YYYY-MM-DD
    Column("seen", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("delivery_id", Text, ForeignKey("delivery.id"), nullable=False),
    Column("n", Integer, nullable=False),  # counts from 1 again after a replay
    Column("at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # what it made of the delivery
    Column("status", Integer),
    _text("detail"),
    Column("elapsed_ms", Float, nullable=False),
    Column("retry_after", Float),
    Index(None, "delivery_id", "n"),
)

rule_state = Table(
    "rule_state",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("definition", Text, nullable=False),  # digest of what the rule finds
    Column("matched_to", BigInteger, nullable=False, server_default="0"),  # it was held against articles up to this id
    Column(
        "silent_to", BigInteger, nullable=False, server_default="0"
    ),  # of hits on articles up to this nobody is told
    Column("matched_at", UtcDateTime),  # when it had been held against all; NULL: it has not
    Column("left_at", UtcDateTime),  # since when the plan lacks it; NULL: the plan has it
    Column("away_since", UtcDateTime),  # a rule that came back: since when it had been away
    Column("lagged_to", BigInteger, nullable=False, server_default="0"),  # articles up to this met an older plan alone
    UniqueConstraint("rule_id", "definition"),
)

plan = Table(
    "plan",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("version", Text, nullable=False),
    Column("loaded_at", UtcDateTime, nullable=False),
    Column("summary", DerivedJson, nullable=False),  # ids and expressions; no URL of a channel, no secret
)
