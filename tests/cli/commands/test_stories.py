"""monitor stories, on a real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from monitor.cluster.choice import WINDOW, choose
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from tests.cli.conftest import HOSTILE, NOW, App
from tests.contracts.test_story_queries import FIRST, SECOND, keep, report


@pytest.fixture
def spread(stocked: App) -> App:
    """The stocked installation with a story in two acts."""

    async def stock() -> None:
        database = Database(f"sqlite:///{stocked.installation.database}")
        store = ArticleStore(database, choose, WINDOW)
        await keep(store, report(FIRST, "a1", NOW - timedelta(days=2), "herald"))
        await keep(store, report(SECOND, "b1", NOW - timedelta(minutes=50), "daily"), "openai", "stargate")
        await keep(store, report(SECOND, "b2", NOW - timedelta(minutes=20), "<evening>"))
        await database.aclose()

    asyncio.run(stock())
    return stocked


def test_a_line_of_ndjson_has_the_fixed_shape(spread: App) -> None:
    row = next(row for row in spread("stories").rows if len(row["acts"]) > 1)
    assert list(row) == [
        *("id", "title", "first_seen_at", "last_seen_at", "articles", "hits", "outlets_last_hour", "rules", "outlets"),
        *("acts", "handling"),
    ]
    assert (row["title"], row["articles"], row["hits"], row["outlets_last_hour"]) == (FIRST[0], 3, 4, 2)
    assert row["rules"] == ["openai", "stargate"]
    assert [(one["source_name"], one["lag_seconds"]) for one in row["outlets"]] == [
        ("한빛일보", 0),
        ("Daily", 2 * 86_400 - 3000),
        ("<evening>", 2 * 86_400 - 1200),
    ]
    assert [act["title"] for act in row["acts"]] == [FIRST[0], SECOND[0]]


def test_a_table_shows_a_chain_as_one_story(spread: App) -> None:
    shown = spread("stories", "--format", "table").out
    assert "한빛일보" in shown
    assert f"act 2: {SECOND[0]}" in shown
    assert "3 (+2)" in shown
    assert "\x1b" not in shown, HOSTILE


def test_one_story_shows_who_was_first_and_how_far_behind_the_others_are(spread: App) -> None:
    row = next(row for row in spread("stories").rows if len(row["acts"]) > 1)
    for act in row["acts"]:
        assert spread("stories", act["id"]).rows == spread("stories", act["id"][-8:]).rows == [row]
    shown = spread("stories", row["id"], "--format", "table").out
    for words in (
        f"act 1, 11-21 12:00, outlets: 1: {FIRST[0]}",
        "first",
        "2 d",
        "<evening>",
        "https://news.example/b1",
    ):
        assert words in shown
    assert {hit["article"]["title"] for hit in spread("hits", "--story", row["id"]).rows} == {FIRST[0], SECOND[0]}


def test_stories_of_a_week_are_shown_unless_asked_otherwise(spread: App) -> None:
    everything = {row["title"] for row in spread("stories", "--since", "2026-01-01").rows}
    assert {row["title"] for row in spread("stories", "--rule", "stargate").rows} <= everything
    assert [row["title"] for row in spread("stories", "--limit", "1").rows] == [FIRST[0]]
    assert [row["title"] for row in spread("stories", "--sort", "outlets", "--limit", "1").rows] == [FIRST[0]]
    assert spread("stories", "--until", "2026-01-01").rows == []


def test_what_does_not_exist_is_an_error(spread: App) -> None:
    for words in (("stories", "0193abcdef"), ("hits", "--story", "none"), ("stories", "--rule", "opneai")):
        outcome = spread(*words)
        assert (outcome.code, outcome.out) == (2, "")
        assert "Traceback" not in outcome.err
    assert "`monitor stories` shows them" in spread("stories", "abcdef").err
    assert "openai" in spread("stories", "--rule", "opneai").err


def test_csv_has_a_line_for_each_story(spread: App) -> None:
    head, *lines = spread("stories", "--format", "csv").out.splitlines()
    assert head.startswith("id,title,first_seen_at,last_seen_at,articles,hits,outlets,growth,acts,first_source,")
    assert len(lines) == len(spread("stories").rows)


def test_nothing_stored_is_no_error(stocked: App) -> None:
    assert stocked("stories", "--on", "2026-01-01").rows == []


def test_pages_go_on_behind_a_cursor(spread: App) -> None:
    whole = spread("stories", "--since", "2026-01-01").rows
    assert len(whole) > 1
    seen: list[object] = []
    cursor: tuple[str, ...] = ()
    while not seen or cursor:
        outcome = spread("stories", "--limit", "1", "--since", "2026-01-01", *cursor)
        seen += outcome.rows
        cursor = ("--cursor", outcome.err.split()[-1]) if outcome.err else ()
    assert seen == whole
    word = spread("stories", "--limit", "1", "--since", "2026-01-01").err.split()[-1]
    for options, words in (
        (("--cursor", "nonsense"), "not of this list"),
        (("--cursor", word, "--sort", "growth"), "of other filters"),
    ):
        outcome = spread("stories", *options)
        assert (outcome.code, words in outcome.err) == (2, True)
