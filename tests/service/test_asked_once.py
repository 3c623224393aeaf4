"""A question asked once for all who want its answer."""

from __future__ import annotations

import asyncio

import pytest

from monitor.model.errors import StoreError
from monitor.service.asked_once import AskedOnce


async def test_an_answer_holds_for_its_time() -> None:
    asked, seconds = 0, 0.0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        return asked

    question = AskedOnce(ask, 5.0, lambda: seconds)
    assert list(await asyncio.gather(question.answer(), question.answer())) == [1, 1]
    seconds = 5.0
    assert await question.answer() == 1
    seconds = 5.1
    assert await question.answer() == 1, "nobody waits while a new one is on its way"
    await asyncio.sleep(0)
    assert await question.answer() == 2
    question.forget()
    assert await question.answer() == 3
    seconds = 100.0
    assert await question.answer() == 4, "what is too old is not shown"
    await question.aclose()


async def test_it_is_begun_before_anybody_waits_and_a_failure_is_nobodys() -> None:
    asked = 0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise StoreError("shut")
        return asked

    question = AskedOnce(ask, 5.0, lambda: 0.0)
    for _ in range(2):
        question.begin()
        question.begin()
        await asyncio.sleep(0)
    assert await question.answer() == 2
    await question.aclose()


async def test_the_end_of_the_program_is_told_to_who_waits() -> None:
    forever = asyncio.Event()

    async def ask() -> None:
        await forever.wait()

    question = AskedOnce(ask, 5.0, lambda: 0.0)
    waiting = asyncio.create_task(question.answer())
    await asyncio.sleep(0)
    await question.aclose()
    with pytest.raises(StoreError):
        await waiting
