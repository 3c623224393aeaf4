"""What every SourceStore does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, select, update

from monitor.model.article import Entry
from monitor.model.confidential import remember
from monitor.model.page import Repute, Validators
from monitor.model.plan import Cron, Interval
from monitor.store.db.database import Database
from monitor.store.tables.schema import channel_state, source_state
from monitor.store.tables.schema import entry as entry_table
from monitor.store.tables.schema import plan as plan_table
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.source_store import PollResult, SourceStore
from tests.contracts.invented import (
    LEASE,
    LIST,
    MINUTE,
    NOW,
    channel,
    entry,
    keep,
    later,
    listing,
    plan,
    reading,
    render,
    source,
)


async def polled(source_store: SourceStore, source_id: str = "herald", error: str = "") -> int | None:
    """Claim a source and give it back, to be polled again a minute later."""
    claimed = await source_store.claim_source(source_id, "me", NOW, LEASE)
    assert claimed is not None
    return await source_store.complete_poll(PollResult(source_id, "me", NOW + MINUTE, error, 5.0), NOW)


async def test_a_new_source_is_due_at_once(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(source("a"), source("b", enabled=False), source("c")), NOW)
    assert await source_store.due_sources(NOW, 10) == ("a", "c")
    assert await source_store.due_sources(NOW, 1) == ("a",)
    assert await source_store.due_sources(later(-1), 10) == ()


async def test_a_claimed_source_is_nobody_elses_until_its_lease_runs_out(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    claimed = await source_store.claim_source("herald", "me", NOW, LEASE)
    assert claimed is not None
    assert (claimed.id, claimed.owner, dict(claimed.validators), claimed.failures) == ("herald", "me", {}, 0)
    assert claimed.last_success_at is None
    assert await source_store.due_sources(NOW, 10) == ()
    assert await source_store.claim_source("herald", "you", later(29), LEASE) is None
    assert await source_store.due_sources(later(30), 10) == ("herald",)
    taken = await source_store.claim_source("herald", "you", later(30), LEASE)
    assert taken is not None
    assert taken.owner == "you"


@pytest.mark.parametrize("name", ["gone", "off"])
async def test_what_is_not_in_force_cannot_be_claimed(source_store: SourceStore, name: str) -> None:
    await source_store.sync_plan(plan(source(), source("off", enabled=False)), NOW)
    assert await source_store.claim_source(name, "me", NOW, LEASE) is None


async def test_of_many_claims_at_once_one_succeeds(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    claims = await asyncio.gather(*(source_store.claim_source("herald", f"w{n}", NOW, LEASE) for n in range(20)))
    assert len([claim for claim in claims if claim]) == 1


async def test_failures_in_a_row_are_counted_and_forgotten_by_success(source_store: SourceStore, db: Database) -> None:
    await source_store.sync_plan(plan(), NOW)
    assert [await polled(source_store, error="timeout") for _ in range(3)] == [1, 2, 3]
    assert await polled(source_store) == 0
    row = await db.read(lambda connection: connection.execute(select(source_state)).one())
    assert (row.last_error, row.last_success_at, row.next_poll_at) == ("", NOW, NOW + MINUTE)
    assert (row.lease_owner, row.lease_until, row.last_elapsed_ms) == (None, None, 5.0)


async def test_a_failure_keeps_the_last_success(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    await polled(source_store)
    assert await polled(source_store, error="robots: refused") == 1
    claimed = await source_store.claim_source("herald", "me", NOW, LEASE)
    assert claimed is not None
    assert (claimed.failures, claimed.last_success_at) == (1, NOW)


async def test_a_lease_is_renewed_by_its_owner_alone(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.claim_source("herald", "me", NOW, LEASE)
    assert not await source_store.renew_lease("herald", "you", later(999))
    assert await source_store.renew_lease("herald", "me", later(90))
    assert await source_store.due_sources(later(89), 10) == ()
    assert await source_store.claim_source("herald", "you", later(90), LEASE) is not None
    assert not await source_store.renew_lease("herald", "me", later(999))


async def test_a_source_is_given_back_as_it_was_by_its_owner_alone(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.claim_source("herald", "me", NOW, LEASE)
    await source_store.release_source("herald", "you")
    assert await source_store.due_sources(NOW, 10) == ()
    await source_store.release_source("herald", "me")
    assert await source_store.due_sources(NOW, 10) == ("herald",)
    assert not await source_store.renew_lease("herald", "me", later(90))


async def test_a_lost_lease_completes_nothing(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.claim_source("herald", "slow", NOW, LEASE)
    await source_store.claim_source("herald", "fast", later(40), LEASE)
    assert await source_store.complete_poll(PollResult("herald", "slow", later(999), "late"), later(41)) is None
    assert await source_store.complete_poll(PollResult("herald", "fast", later(100), "down"), later(42)) == 1
    assert await source_store.due_sources(later(100), 10) == ("herald",)


async def test_a_list_counts_only_unseen_entries(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    first = listing(entry("a"), entry("b"), entry("a", title="두 번째"))
    assert await source_store.commit_list(first, NOW, baseline=True, ignore=False) == 2
    again = listing(entry("b", title="고친 제목"), entry("c"), etag='"2"')
    assert await source_store.commit_list(again, later(60), baseline=False, ignore=False) == 1
    pending = await source_store.pending_entries("herald", later(60), 10)
    assert [(item.entry.key, item.baseline, item.first_seen_at) for item in pending] == [
        ("b", True, NOW),
        ("a", True, NOW),
        ("c", False, later(60)),
    ]
    assert {item.entry.key: item.entry.title for item in pending} == {"a": "제목 a", "b": "고친 제목", "c": "제목 c"}


async def test_an_entry_comes_back_as_it_was_seen(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    seen = Entry("k", "https://news.example/k?a=1", "제목 “따옴표”", "요약", "김하늘", later(-3600))
    await source_store.commit_list(listing(seen), NOW, baseline=False, ignore=False)
    (pending,) = await source_store.pending_entries("herald", NOW, 10)
    assert pending.entry == seen
    assert (pending.source_id, pending.attempts) == ("herald", 0)


async def test_older_articles_are_read_first(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    newest_first = [entry(f"k{n}", published_at=later(-60 * n)) for n in range(5)]
    await source_store.commit_list(listing(*newest_first), NOW, baseline=False, ignore=False)
    assert [item.entry.key for item in await source_store.pending_entries("herald", NOW, 3)] == ["k4", "k3", "k2"]


async def test_ignored_entries_are_known_and_never_read(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    assert await source_store.commit_list(listing(entry()), NOW, baseline=True, ignore=True) == 1
    assert await source_store.pending_entries("herald", later(9999), 10) == ()
    assert await source_store.commit_list(listing(entry()), later(60), baseline=False, ignore=False) == 0


async def test_an_entry_that_another_source_showed_is_new_here(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(source("a"), source("b")), NOW)
    for name in ("a", "b"):
        assert await source_store.commit_list(listing(entry(), source_id=name), NOW, baseline=False, ignore=False) == 1
    assert len(await source_store.pending_entries("b", NOW, 10)) == 1


async def test_what_an_unchanged_list_teaches_of_its_server_is_kept(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(source(urls=(LIST, LIST + "2"))), NOW)
    await source_store.commit_list(listing(entry()), NOW, baseline=False, ignore=False)
    assert await source_store.claim_source("herald", "me", NOW, LEASE)
    learned = {LIST: Validators('"2"', repute=Repute(run=2)), "https://elsewhere.example/": Validators('"9"')}
    end = PollResult("herald", "me", NOW + MINUTE, learned=learned)
    await source_store.complete_poll(end, NOW)
    claimed = await source_store.claim_source("herald", "you", later(60), LEASE)
    assert claimed is not None
    assert dict(claimed.validators) == {LIST: learned[LIST]}, "a URL that was never read stays on its first run"
    assert await source_store.complete_poll(replace(end, learned={LIST: Validators('"7"')}), NOW) is None
    claimed = await source_store.claim_source("herald", "me", later(9999), LEASE)
    assert claimed is not None
    assert dict(claimed.validators) == {LIST: learned[LIST]}, "who has lost the source teaches nothing"
    assert await source_store.commit_list(listing(entry()), NOW, baseline=False, ignore=False) == 0


async def test_validators_are_kept_for_each_url_that_was_read(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(source(urls=(LIST, LIST + "2"))), NOW)
    await source_store.commit_list(listing(), NOW, baseline=False, ignore=False)
    claimed = await source_store.claim_source("herald", "me", NOW, LEASE)
    assert claimed is not None
    assert dict(claimed.validators) == {LIST: Validators(etag='"1"')}
    await source_store.commit_list(listing(url=LIST + "2", etag='"x"'), NOW, baseline=False, ignore=False)
    await source_store.commit_list(listing(etag='"3"'), NOW, baseline=False, ignore=False)
    claimed = await source_store.claim_source("herald", "me", later(30), LEASE)
    assert claimed is not None
    assert dict(claimed.validators) == {LIST: Validators(etag='"3"'), LIST + "2": Validators(etag='"x"')}


async def test_the_same_links_on_a_changed_page_are_known_at_a_glance(source_store: SourceStore, db: Database) -> None:
    await source_store.sync_plan(plan(source("a"), source("b")), NOW)
    await source_store.commit_list(listing(entry("x"), entry("y"), source_id="a"), NOW, baseline=False, ignore=False)
    await db.write(lambda connection: connection.execute(delete(entry_table)))
    same = listing(entry("x"), entry("y"), source_id="a", etag='"2"')
    assert await source_store.commit_list(same, later(60), baseline=False, ignore=False) == 0
    claimed = await source_store.claim_source("a", "me", NOW, LEASE)
    assert claimed is not None
    assert claimed.validators[LIST] == Validators(etag='"2"')
    turned = listing(entry("y"), entry("x"), source_id="a")
    assert await source_store.commit_list(turned, later(60), baseline=False, ignore=False) == 2
    other = listing(entry("x"), entry("y"), source_id="b")
    assert await source_store.commit_list(other, later(60), baseline=False, ignore=False) == 2


async def test_a_postponed_entry_waits_and_its_attempts_count(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.commit_list(listing(entry()), NOW, baseline=False, ignore=False)
    (pending,) = await source_store.pending_entries("herald", NOW, 10)
    await source_store.postpone_entry(pending.id, "status: 503", later(60))
    assert await source_store.pending_entries("herald", later(59), 10) == ()
    (again,) = await source_store.pending_entries("herald", later(60), 10)
    assert again == replace(pending, attempts=1)


async def test_an_entry_that_was_read_meanwhile_stays_as_it_is(
    source_store: SourceStore, article_store: ArticleStore, db: Database
) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.commit_list(listing(entry()), NOW, baseline=False, ignore=False)
    (pending,) = await source_store.pending_entries("herald", NOW, 10)
    await source_store.postpone_entry(pending.id, "status: 503", NOW)
    await keep(article_store, reading("k1", entry_id=pending.id), render, NOW)
    before = await db.read(lambda connection: connection.execute(select(entry_table)).one())
    assert (before.state, before.attempts, before.last_error) == ("done", 2, "")
    await source_store.postpone_entry(pending.id, "timeout", later(60))
    assert await db.read(lambda connection: connection.execute(select(entry_table)).one()) == before


async def test_text_that_no_database_takes_is_mended(source_store: SourceStore, db: Database) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.commit_list(listing(entry("k\x00", title="a\ud800b\x00c")), NOW, baseline=False, ignore=False)
    (pending,) = await source_store.pending_entries("herald", NOW, 10)
    assert (pending.entry.key, pending.entry.title) == ("k\ufffd", "a\ufffdb\ufffdc")
    assert await source_store.commit_list(listing(entry("k\x00")), NOW, baseline=False, ignore=False) == 0
    await source_store.postpone_entry(pending.id, "bad \x00 byte", later(1))
    row = await db.read(lambda connection: connection.execute(select(entry_table)).one())
    assert row.last_error == "bad \ufffd byte"


async def test_a_long_list_is_stored_whole(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    entries = [entry(f"k{n}") for n in range(2_000)]
    assert await source_store.commit_list(listing(*entries[:1_500]), NOW, baseline=False, ignore=False) == 1_500
    assert await source_store.commit_list(listing(*entries), NOW, baseline=False, ignore=False) == 500


async def test_a_source_that_left_the_plan_rests_and_is_due_when_it_returns(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(source("a"), source("b")), NOW)
    await polled(source_store, "b")
    await source_store.commit_list(listing(entry(), source_id="b"), NOW, baseline=False, ignore=False)
    await source_store.sync_plan(plan(source("a"), version="v2"), NOW)
    assert await source_store.due_sources(later(9999), 10) == ("a",)
    assert await source_store.claim_source("b", "me", later(9999), LEASE) is None
    await source_store.sync_plan(plan(source("a"), source("b")), later(1))
    claimed = await source_store.claim_source("b", "me", later(1), LEASE)
    assert claimed is not None
    assert set(claimed.validators) == {LIST}, "what it had read is remembered: nothing in between is missed"


async def test_no_secret_of_an_address_is_kept_with_what_it_answered(source_store: SourceStore, db: Database) -> None:
    secret = "kept-nowhere-4711"
    url = f"{LIST}?k={secret}"
    remember([secret])
    await source_store.sync_plan(plan(source(urls=(url,))), NOW)
    await source_store.commit_list(listing(url=url), NOW, baseline=False, ignore=False)

    def change(connection: Connection) -> str:
        (stored,) = connection.execute(select(source_state.c.validators)).scalars()
        whole = dict.fromkeys([url], *stored.values())  # as an older program kept it
        connection.execute(update(source_state).values(validators=whole))
        return json.dumps(stored)

    assert secret not in await db.write(change)
    await source_store.sync_plan(plan(source(urls=(url,))), NOW)
    claimed = await source_store.claim_source("herald", "me", NOW, LEASE)
    assert claimed is not None
    assert claimed.known(url) == Validators(etag='"1"')
    assert secret not in str(claimed.validators)


async def test_a_url_that_left_a_source_is_on_its_first_run_when_it_comes_back(source_store: SourceStore) -> None:
    both = (LIST, LIST + "2")
    await source_store.sync_plan(plan(source(urls=both)), NOW)
    for url in both:
        await source_store.commit_list(listing(url=url), NOW, baseline=False, ignore=False)
    await source_store.sync_plan(plan(source(urls=both[:1]), version="v2"), NOW)
    await source_store.sync_plan(plan(source(urls=both), version="v3"), NOW)
    claimed = await source_store.claim_source("herald", "me", NOW, LEASE)
    assert claimed is not None
    assert set(claimed.validators) == {LIST}


@pytest.mark.parametrize("every", [Interval(30), Cron("*/5 * * * *")])
async def test_a_changed_cadence_is_due_at_once(source_store: SourceStore, every: Interval | Cron) -> None:
    await source_store.sync_plan(plan(), NOW)
    await polled(source_store)
    await source_store.sync_plan(plan(), later(1))
    assert await source_store.due_sources(later(1), 10) == (), "an unchanged plan changes nothing"
    await source_store.sync_plan(plan(source(every=every), version="v2"), later(2))
    assert await source_store.due_sources(later(2), 10) == ("herald",)


async def test_a_poll_under_way_does_not_put_the_old_cadence_back(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(source(every=Interval(86_400))), NOW)
    await source_store.claim_source("herald", "me", NOW, LEASE)
    await source_store.sync_plan(plan(version="v2"), later(1))
    await source_store.complete_poll(PollResult("herald", "me", NOW + timedelta(days=1)), later(2))
    assert await source_store.due_sources(later(2), 10) == ("herald",)


async def test_each_change_of_the_plan_is_noted_once_and_without_secrets(
    source_store: SourceStore, db: Database
) -> None:
    for version in ("v1", "v1", "v2", "v1"):
        await source_store.sync_plan(plan(channels=(channel(),), version=version), NOW)
    rows = await db.read(lambda connection: connection.execute(select(plan_table).order_by(plan_table.c.id)).all())
    assert [row.version for row in rows] == ["v1", "v2", "v1"]
    assert rows[0].summary["rules"][0]["expression"] == "오픈AI"
    (told,) = rows[0].summary["channels"]
    assert (told["id"], told["kind"], told.keys()) == (
        "desk",
        "webhook",
        {"id", "kind", "definition", "lang", "policy"},
    )
    states = await db.read(lambda connection: connection.execute(select(channel_state)).all())
    for secret in ("whsec", "hooks.example"):
        assert secret not in repr(rows) + repr(states)


@pytest.mark.parametrize(("error", "due"), [("", 20), ("status: 503", 60)])
async def test_an_entry_to_be_tried_again_brings_the_next_poll_forward(
    source_store: SourceStore, error: str, due: int
) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.commit_list(listing(entry()), NOW, baseline=False, ignore=False)
    (pending,) = await source_store.pending_entries("herald", NOW, 10)
    await source_store.postpone_entry(pending.id, "timeout", later(20))
    await polled(source_store, error=error)
    assert await source_store.due_sources(later(due - 1), 10) == ()
    assert await source_store.due_sources(later(due), 10) == ("herald",)
