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
from tests.pipeline.house import App
from tests.pipeline.test_poll import baseline


async def signatures(house: App) -> int:
    query = select(func.count()).select_from(story_signature)
    return await house.database.read(lambda connection: connection.execute(query).scalar_one())


async def test_a_chore_says_what_it_did(house: App) -> None:
    await house.run(Maintain("optimize"))
    (event,) = house.witness.of(Maintained)
    assert isinstance(event, Maintained)
    assert event.detail


async def test_a_chore_that_nobody_knows_is_refused(house: App) -> None:
    with pytest.raises(ValueError, match="no chore"):
        await house.run(Maintain("dance"))


async def test_what_articles_are_compared_by_is_kept_for_the_window_and_no_longer(house: App) -> None:
    await baseline(house)
    stored = await signatures(house)
    assert stored > 0
    house.clock.now += WINDOW + LATE - timedelta(minutes=1)
    await house.run(Maintain("forget"))
    assert await signatures(house) == stored
    house.clock.now += timedelta(minutes=2)
    await house.run(Maintain("forget"))
    assert await signatures(house) == 0
    first, second = house.witness.of(Maintained)
    assert isinstance(first, Maintained)
    assert isinstance(second, Maintained)
    assert first.detail == "dropped the signatures of 0 articles"
    assert second.detail == f"dropped the signatures of {stored} articles"


async def articles(house: App) -> int:
    query = select(func.count()).select_from(article)
    return await house.database.read(lambda connection: connection.execute(query).scalar_one())


async def test_articles_that_no_rule_met_go_after_their_time(house: App) -> None:
    await baseline(house)
    await house.run(Maintain("expire"))
    stored = await articles(house)
    house.clock.now += timedelta(days=91)
    await house.run(Maintain("expire"))
    told = [event.detail for event in house.witness.of(Maintained) if isinstance(event, Maintained)]
    assert told[0] == "dropped 0 articles without a hit"
    assert told[1] == f"dropped {stored - await articles(house)} articles without a hit"


async def test_they_may_be_kept_for_ever(house: App) -> None:
    await baseline(house)
    house.clock.now += timedelta(days=9_999)
    stored = await articles(house)
    await replace(house.steps.maintain, keep_articles=None)(Maintain("expire"))
    assert await articles(house) == stored


async def test_looks_arranged_while_the_clock_ran_ahead_are_brought_back(house: App) -> None:
    house.clock.pass_(days=300)
    await baseline(house)
    house.clock.now -= timedelta(days=300)
    assert Poll("paper") not in await house.due()
    await house.run(Maintain("recall"))
    assert house.witness.of(Maintained)[-1] == Maintained("recall", "brought the next look of 1 sources back")
    assert Poll("paper") in await house.due()
    await house.run(Maintain("recall"))
    assert house.witness.of(Maintained)[-1] == Maintained("recall", "brought the next look of 0 sources back")
