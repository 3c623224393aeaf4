"""Chores say what they did, and forget nothing that may still be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from monitor.cluster.choice import WINDOW
from monitor.model.event import Maintained
from monitor.model.task import Maintain, Poll
from monitor.pipeline.maintain import LATE
from monitor.store.tables.schema import article, story_signature
from tests.pipeline.app import App
from tests.pipeline.test_poll import baseline


async def signatures(app: App) -> int:
    query = select(func.count()).select_from(story_signature)
    return await app.database.read(lambda connection: connection.execute(query).scalar_one())


async def test_a_chore_says_what_it_did(app: App) -> None:
    await app.run(Maintain("optimize"))
    (event,) = app.witness.of(Maintained)
    assert isinstance(event, Maintained)
    assert event.detail


async def test_a_chore_that_nobody_knows_is_refused(app: App) -> None:
    with pytest.raises(ValueError, match="no chore"):
        await app.run(Maintain("dance"))


async def test_what_articles_are_compared_by_is_kept_for_the_window_and_no_longer(app: App) -> None:
    await baseline(app)
    stored = await signatures(app)
    assert stored > 0
    app.clock.now += WINDOW + LATE - timedelta(minutes=1)
    await app.run(Maintain("forget"))
    assert await signatures(app) == stored
    app.clock.now += timedelta(minutes=2)
    await app.run(Maintain("forget"))
    assert await signatures(app) == 0
    first, second = app.witness.of(Maintained)
    assert isinstance(first, Maintained)
    assert isinstance(second, Maintained)
    assert first.detail == "dropped the signatures of 0 articles"
    assert second.detail == f"dropped the signatures of {stored} articles"


async def articles(app: App) -> int:
    query = select(func.count()).select_from(article)
    return await app.database.read(lambda connection: connection.execute(query).scalar_one())


async def test_articles_that_no_rule_met_go_after_their_time(app: App) -> None:
    await baseline(app)
    await app.run(Maintain("expire"))
    stored = await articles(app)
    app.clock.now += timedelta(days=91)
    await app.run(Maintain("expire"))
    told = [event.detail for event in app.witness.of(Maintained) if isinstance(event, Maintained)]
    assert told[0] == "dropped 0 articles without a hit"
    assert told[1] == f"dropped {stored - await articles(app)} articles without a hit"


async def test_they_may_be_kept_for_ever(app: App) -> None:
    await baseline(app)
    app.clock.now += timedelta(days=9_999)
    stored = await articles(app)
    await replace(app.steps.maintain, keep_articles=None)(Maintain("expire"))
    assert await articles(app) == stored


async def test_polls_arranged_while_the_clock_ran_ahead_are_brought_back(app: App) -> None:
    app.clock.pass_(days=300)
    await baseline(app)
    app.clock.now -= timedelta(days=300)
    assert Poll("paper") not in await app.due()
    await app.run(Maintain("recall"))
    assert app.witness.of(Maintained)[-1] == Maintained("recall", "brought the next poll of 1 sources back")
    assert Poll("paper") in await app.due()
    await app.run(Maintain("recall"))
    assert app.witness.of(Maintained)[-1] == Maintained("recall", "brought the next poll of 0 sources back")
