"""Stories are seen to from the pages: one, many, all of a filter, and back again; never by a look, never from elsewhere."""

from __future__ import annotations

import pytest

from monitor.model.access import Scope
from monitor.model.handling import Handling, HandlingSubject
from tests.web.pages.shown import FORM, HOSTILE, Browser, found


async def states(browser: Browser) -> list[str]:
    """Return how far each line is, newest first."""
    return [
        next(one[3:] for one in row.classes if one.startswith("is-") and one != "is-crit")
        for row in await browser.rows()
    ]


async def said(browser: Browser, hit: int = 1) -> tuple[Handling, ...]:
    return await browser.site.desk.queries.handlings(HandlingSubject(hit))


@pytest.fixture
async def three(browser: Browser) -> Browser:
    """Somebody who sees three stories; two of them met OpenAI."""
    for number in range(3):
        await found(browser.site.url, f"k{number}", "openai" if number else "seoul", at=number)
    return browser


async def test_one_is_handled_and_the_way_leads_back_to_it(three: Browser) -> None:
    answer = await three.post("/handling", {"do": "handled", "id": 2, "back": "/hits?rule=openai#h2"})
    assert (answer.status, answer.headers["location"]) == (303, "/hits?rule=openai#h2")
    assert await states(three) == ["new", "handled", "new"]


async def test_many_are_handled_and_taken_back_in_one_step(three: Browser) -> None:
    await three.post("/handling", {"do": "kept", "id": 1})
    await three.post("/handling", {"do": "handled", "id": [1, 2, 3, 99]})
    assert await states(three) == ["handled"] * 3
    assert (await three.look("/hits")).has("button[value=undo]")
    await three.post("/handling", {"do": "undo"})
    assert await states(three) == ["new", "new", "kept"]
    assert not (await three.look("/hits")).has("button[value=undo]")
    await three.post("/handling", {"do": "undo"})
    assert await states(three) == ["new", "new", "kept"], "there is nothing to take back"


async def test_all_of_a_filter_are_handled(three: Browser) -> None:
    await three.post("/handling", {"do": "ignored", "all": "/hits?rule=openai"})
    assert await states(three) == ["ignored", "ignored", "new"]


async def test_owner_note_and_name_are_stored_as_they_are(three: Browser) -> None:
    await three.post("/settings/view", {"name": "이수민"})
    await three.post("/handling", {"do": "kept", "id": 1, "owner": HOSTILE[:80], "note": HOSTILE})
    (last,) = await said(three)
    assert (last.author, last.owner, last.note) == ("이수민", HOSTILE[:80].strip(), HOSTILE)
    page = (await three.get("/hits/1")).text
    assert page.count("<script") == page.count("<script src=")


@pytest.mark.parametrize(
    "headers",
    [
        FORM | {"sec-fetch-site": "cross-site"},
        FORM | {"sec-fetch-site": "same-site"},
        {"content-type": FORM["content-type"], "origin": "https://evil.example"},
        FORM | {"host": "evil.example"},
    ],
)
async def test_a_foreign_page_says_nothing(three: Browser, headers: dict[str, str]) -> None:
    assert (await three.post("/handling", {"do": "handled", "id": 1}, headers)).status in {403, 421}
    assert await said(three) == ()


async def test_who_may_only_read_says_nothing(three: Browser) -> None:
    three.scope = Scope.READ
    assert (await three.post("/handling", {"do": "handled", "id": 1})).status == 403
    three.scope = None
    strange = await three.post("/handling", {"do": "handled", "id": 1})
    assert strange.status == 401
    assert 'href="/login"' in strange.text, "there is a way back"
    assert await said(three) == ()


async def test_a_note_stays_when_the_story_is_handled_until_it_is_emptied(three: Browser) -> None:
    await three.post("/handling", {"do": "kept", "id": 1, "owner": "김솔빛", "note": "전화함"})
    await three.post("/handling", {"do": "handled", "id": [1, 2]})
    assert [(one.state, one.owner, one.note) for one in await said(three)][-1] == ("handled", "김솔빛", "전화함")
    assert (await said(three, 2))[-1].note == ""
    await three.post("/handling", {"do": "handled", "id": 1, "owner": "", "note": ""})
    assert [(one.owner, one.note) for one in await said(three)][-1] == ("", "")


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "done", "id": 1},
        {"id": 1},
        {"do": "kept", "id": "x"},
        {"do": "kept", "id": 2**63},
        {"do": "kept", "all": "http://[/hits?handling=done"},
        {"do": "kept", "id": 1, "note": "긴" * 2_001},
        {"do": "kept", "all": "/hits?handling=done"},
        {"do": "kept", "id": list(range(1, 1_002))},
    ],
)
async def test_what_makes_no_sense_is_refused(three: Browser, fields: dict[str, object]) -> None:
    assert (await three.post("/handling", fields)).status in {400, 422}
    assert await said(three) == ()


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "hits"]
)
async def test_no_form_leads_elsewhere(three: Browser, place: str) -> None:
    for path, fields in (("/handling", {"do": "kept", "id": 1}), ("/settings/view", {"theme": "dark"})):
        answer = await three.post(path, {**fields, "back": place})
        assert answer.headers["location"] in {"/hits", "/settings"}


async def test_what_was_typed_goes_with_whatever_button_is_pressed(three: Browser) -> None:
    page = await three.look("/hits?open=1")
    form = page.one("form#seen")
    assert form.has("button[value=handled]")
    assert {page.one(f"#{name}").attr("form") for name in ("owner", "note")} == {"seen"}, (
        "one form: no note is left behind"
    )
