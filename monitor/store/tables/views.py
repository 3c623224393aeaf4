"""The SQL views: what Grafana, notebooks and scripts may rely on. Tables may change, these columns stay.

Times are UTC: `timestamptz` in PostgreSQL, text like `2026-11-05T02:32:16.000000Z` in SQLite. Days are Korean days.
The migrations hold the SQL; a test holds them to this description, on both databases.
"""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "v_hits": {
        "id": "number of the hit; newer is greater",
        "created_at": "when it was stored",
        "rule_id": "the rule that was met",
        "rule_name": "the rule's name at that time",
        "source_id": "the source whose reading met the rule",
        "source_name": "the source's name now",
        "article_id": "number of the article",
        "url": "the article's address",
        "title": "the article's headline",
        "author": "the article's authors, separated by commas; NULL when none is known",
        "published_at": "when the page says it was published; NULL when it does not",
        "first_seen_at": "when a list or feed first showed it",
        "story_id": "articles that tell one matter share it",
        "mentions": "how many places in the article met the rule",
        "excerpt": "the surroundings of the first mention",
        "alerted": (
            "the worst of its notifications: dead | held (until its group goes, or its channel is open) | pending | sent | suppressed:<reason> |"
            " baseline; suppressed:no_channel when no channel is to hear of it"
        ),
    },
    "v_deliveries": {
        "id": "the webhook-id; of what no message was made, the notification",
        "channel_id": "whom it is for",
        "seq": "place in the channel's line, without gaps; NULL where no message was made",
        "state": "pending | leased | done | dead, and of notifications without a message: held | suppressed",
        "reason": "why it is suppressed, else empty",
        "hit_id": "the hit it tells of (the first of several); NULL, like all of the hit, for a message about a source",
        "rule_id": "the rule of that hit",
        "rule_name": "the rule's name at that time",
        "source_id": "the source of that hit",
        "title": "the article's headline, or which source has which problem",
        "url": "the article's address",
        "attempts": "attempts since it was made or replayed",
        "created_at": "when it was made",
        "due_at": "when the next attempt is due, or how long it is held; NULL when none is",
        "first_attempt_at": "when the first attempt began",
        "done_at": "when the receiver took it",
        "last_status": "HTTP status of the last attempt; NULL when there was no answer",
        "last_error": "what the last failed attempt said, empty after a success",
        "type": "hit.created | source.broken | source.recovered | digest",
        "notifications": "how many notifications it tells of",
        "silence_id": "the silence that keeps it back (`monitor silence list --all`); NULL, like all of it, without one",
        "silence_author": "who asked for it",
        "silence_why": "the reason that was given",
        "silence_ends_at": "when it ends unless somebody ends it before",
    },
    "v_notifications": {
        "id": "the notification; a message has the id of its first one",
        "type": "hit.created | source.broken | source.recovered",
        "channel_id": "whom it is for",
        "state": "queued (a message was made) | held (one will be) | suppressed (none will be)",
        "reason": "why it is suppressed, else empty",
        "group_key": "those of a channel that are held under one key become one message",
        "not_before": "how long it is held; NULL otherwise",
        "created_at": "when it was decided",
        "hit_id": "the hit; NULL, like all of the hit, for an event",
        "rule_id": "the rule of that hit",
        "rule_name": "the rule's name at that time",
        "source_id": "the source of that hit",
        "title": "the article's headline, or which source has which problem",
        "url": "the article's address",
        "delivery_id": "the message that tells of it; NULL while there is none",
        "delivery_state": "where that message stands",
        "silence_id": "the silence that keeps it back; NULL without one",
    },
    "v_sources": {
        "id": "the source",
        "name": "its name",
        "kind": "list | feed | …",
        "enabled": "whether the plan has it and it is switched on",
        "last_success_at": "when it was last read",
        "last_error": "what the last failure said, empty while all is well",
        "failures": "failures in a row",
        "next_poll_at": "when it is polled next",
        "last_elapsed_ms": "how long the last poll took",
        "articles": "articles it was the first to show",
        "hits": "hits it gave",
    },
    "v_alarms": {
        "id": "number of the alarm",
        "source_id": "the source; empty when most sources failed at once",
        "problem": "unreachable | robots | empty | no_entries | yield | gaps | encoding | stale | network",
        "since": "since when it is so",
        "raised_at": "when it was told",
        "cleared_at": "when it was over; NULL while it lasts",
        "summary_en": "what was seen",
        "summary_ko": "the same in Korean",
        "action_en": "what to do",
        "action_ko": "the same in Korean",
    },
    "v_source_days": {
        "source_id": "the source",
        "day": "Korean day, YYYY-MM-DD",
        "seen": "new articles that its lists and feeds showed",
        "missed": "articles that went by unseen, an estimate",
    },
    "v_mentions_daily": {
        "day": "Korean day of publication (of first sight when the page states no date), YYYY-MM-DD",
        "rule_id": "the rule",
        "source_id": "the source",
        "hits": "articles that met the rule",
        "mentions": "places that met the rule",
    },
}
"""What each view shows: {view: {column: meaning}}, columns in their order."""
