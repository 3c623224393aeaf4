"""What the API does: silences, replays, channels, what is said of a hit; and what of it is refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.model.access import Scope
from monitor.store.read.queries import SqlReader
from monitor.web.api.contract import PREFIX
from tests.contracts.conftest import sqlite_factory
from tests.contracts.databases import SqliteFactory
from tests.patience import PATIENCE
from tests.web.api.stock import stock
from tests.web.asgi import Answer
from tests.web.desk import Served, served

__all__ = ["sqlite_factory"]


@pytest.fixture
async def api(tmp_path: Path, sqlite_factory: SqliteFactory) -> AsyncIterator[Served]:
    with sqlite_factory.lent() as url:
        await stock(url)
        async with served(tmp_path, url) as one:
            yield one


async def test_a_silence_is_asked_for_shown_and_ended(api: Served) -> None:
    wish = {"rule": "openai", "source": "herald", "until": "2시간", "why": "실적 발표일"}
    added = await api.call("POST", "/silences", scope=Scope.WRITE, body=wish)
    assert added.status == 201, added.text
    number = added.json()["id"]
    shown = (await api.get("/silences")).json()["silences"]
    assert [(one["id"], one["author"], one["why"], one["ended_at"]) for one in shown] == [
        (number, "write", "실적 발표일", None)
    ]
    ended = await api.call("DELETE", f"/silences/{number}", scope=Scope.WRITE)
    assert (ended.status, ended.json()) == (200, {"ended": True})
    assert (await api.call("DELETE", f"/silences/{number}", scope=Scope.WRITE)).json() == {"ended": False}
    assert (await api.get("/silences")).json()["silences"] == []
    assert len((await api.get("/silences", all="true")).json()["silences"]) == 1
    assert (await api.call("DELETE", "/silences/99", scope=Scope.WRITE)).status == 404


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"rule": "opnai", "until": "2h"}, "did you mean 'openai'?"),
        ({"source": "heral", "until": "2h"}, "did you mean 'herald'?"),
        ({"tag": "x", "until": "2h"}, "no tag 'x'; there are: ai"),
        ({"until": "2h"}, "name at least one of"),
        ({"everything": True, "rule": "openai", "until": "2h"}, "everything, alone"),
        ({"rule": "openai", "until": "어제"}, "time ahead"),
        ({"rule": "openai", "until": "400d"}, "a year at most"),
        ({"rule": "openai", "until": "2h", "why": " "}, "say why"),
        ({"rule": "openai", "until": "2h", "why": ""}, "body.why"),
        ({"rule": "openai"}, "until"),
        ({"ruel": "openai", "until": "2h"}, "ruel"),
    ],
)
async def test_a_silence_that_would_not_do_what_is_meant_is_refused(
    api: Served, wish: dict[str, object], words: str
) -> None:
    answer = await api.call("POST", "/silences", scope=Scope.WRITE, body={"why": "실적 발표일", **wish})
    assert (answer.status, words in answer.json()["detail"]) == (422, True), answer.text
    assert (await api.get("/silences", all="true")).json()["silences"] == []


async def test_what_was_kept_back_is_sent_after_all(api: Served) -> None:
    kept = (await api.get("/deliveries", state="suppressed")).json()["deliveries"]
    ids = [kept[0]["id"], kept[1]["id"][-10:], "nothing"]
    answer = await api.call("POST", "/deliveries/replay", scope=Scope.WRITE, body={"ids": ids})
    assert [one["outcome"] for one in answer.json()["outcomes"]] == ["released", "released", "unknown"]
    assert len((await api.get("/deliveries", state="suppressed")).json()["deliveries"]) == len(kept) - 2


async def test_channels_are_shown_without_their_secrets_opened_and_tried(api: Served) -> None:
    shown = await api.get("/channels")
    assert [one["id"] for one in shown.json()["channels"]] == ["desk"]
    for path in ("/channels", "/deliveries", "/notifications", "/health", "/explain?hit=1", "/rules"):
        where, _, query = path.partition("?")
        text = (await api.call("GET", where, dict([query.split("=")]) if query else {})).text
        assert "verysecret" not in text, path
        assert "bW9uaXRvci1" not in text, path
    opened = await api.call("POST", "/channels/desk/open", scope=Scope.WRITE)
    assert (opened.status, opened.json()) == (200, {"opened": False})
    none = await api.call("POST", "/channels/dsek/open", scope=Scope.WRITE)
    assert (none.status, none.json()["detail"]) == (404, "no channel 'dsek'; did you mean 'desk'?")
    wrong = await api.call("POST", "/channels/desk/test", scope=Scope.WRITE, body={"type": "hit.creatd"})
    assert (wrong.status, "did you mean 'hit.created'?" in wrong.json()["detail"]) == (422, True)
    # Nobody listens there, which is an answer about the receiver and no fault of the request.
    tried = await api.call("POST", "/channels/desk/test", scope=Scope.WRITE, body={"type": "test"})
    assert (tried.status, tried.json()["taken"], tried.json()["status"]) == (200, False, None)
    assert (await api.call("POST", "/channels/none/test", scope=Scope.WRITE, body={})).status == 404


async def test_what_is_said_of_a_hit_is_shown_with_it(api: Served) -> None:
    hit = (await api.get("/hits", limit=1)).json()["hits"][0]
    body = {"state": "handled", "owner": "kim", "note": "불렀음"}
    said = await api.call("POST", f"/hits/{hit['id']}/handling", scope=Scope.WRITE, body=body)
    assert (said.status, said.json()["state"], said.json()["author"]) == (200, "handled", "write")
    assert (await api.get(f"/hits/{hit['id']}")).json()["hit"]["handling"] == said.json()
    found = (await api.get("/hits", handling="handled")).json()["hits"]
    assert [one["id"] for one in found] == [hit["id"]]
    of_story = await api.call(
        "POST", f"/stories/{hit['story']['id']}/handling", scope=Scope.WRITE, body={"state": "ignored"}
    )
    assert of_story.json()["of"] == "story"
    assert (await api.call("POST", "/hits/999/handling", scope=Scope.WRITE, body=body)).status == 404
    wrong = await api.call("POST", f"/hits/{hit['id']}/handling", scope=Scope.WRITE, body={"state": "done"})
    assert wrong.status == 422


async def test_whether_a_hit_was_meant_is_shown_with_it_and_asked_for(api: Served) -> None:
    first, second = (await api.get("/hits", limit=2)).json()["hits"]
    assert first["feedback"] is None
    where = f"/hits/{first['id']}/feedback"
    said = await api.call("POST", where, scope=Scope.WRITE, body={"feedback": "not_meant", "note": "구단"})
    assert {**said.json(), "at": ""} == {"feedback": "not_meant", "note": "구단", "author": "write", "at": ""}
    assert (await api.get(f"/hits/{first['id']}")).json()["hit"]["feedback"] == "not_meant"
    assert [one["id"] for one in (await api.get("/hits", feedback="not_meant")).json()["hits"]] == [first["id"]]
    others = (await api.get("/hits", feedback="none", limit=1)).json()["hits"]
    assert [one["id"] for one in others] == [second["id"]]
    rules = (await api.get("/explain", hit=first["id"])).json()["rules"]
    assert [one["feedback"]["note"] for one in rules if one["hit"] == first["id"]] == ["구단"]
    (rule,) = (one for one in (await api.get("/rules")).json()["rules"] if one["id"] == first["rule"]["id"])
    assert rule["precision"] == {"said": 1, "meant": 0, "not_meant": 1, "share": 0.0, "low": 0.0, "high": 0.7935}
    taken_back = await api.call("POST", where, scope=Scope.WRITE, body={"feedback": "none"})
    assert taken_back.json()["feedback"] == "none"
    assert (await api.get(f"/hits/{first['id']}")).json()["hit"]["feedback"] is None
    assert (await api.call("POST", "/hits/999/feedback", scope=Scope.WRITE, body={"feedback": "meant"})).status == 404
    for wrong in ({"feedback": "wrong"}, {"feedback": "meant", "note": "긴" * 2001}, {"feedback": "meant", "who": "x"}):
        assert (await api.call("POST", where, scope=Scope.WRITE, body=wrong)).status == 422


async def test_what_a_rule_could_refuse_is_suggested(api: Served) -> None:
    hits = (await api.get("/hits", rule="openai", limit=50)).json()["hits"]
    found = (await api.get(f"/hits/{hits[0]['id']}/suggestions")).json()
    assert (found["hit"], found["rule"], found["match"], found["wrong"]) == (hits[0]["id"], "openai", "@openai", 1)
    assert found["others"] == len(hits) - 1
    assert (found["none"] is None) == bool(found["suggestions"])
    for one in found["suggestions"]:
        assert hits[0]["id"] in one["refused"]
        assert (one["added"], one["removed"]) == (0, len(one["refused"]) + one["lost"])
        tried = {"rule": "openai", "expression": one["match"], "days": 30, "against": True}
        difference = (await api.call("POST", "/backtest", scope=Scope.WRITE, body=tried)).json()["rules"][0]["against"]
        assert (difference["added"], difference["removed"]) == (0, one["removed"]), "as the backtest counts"
    assert (await api.get("/hits/999/suggestions")).status == 404


async def test_rules_have_counts_health_has_mends_and_explain_has_reasons(api: Served) -> None:
    rules = {one["id"]: one for one in (await api.get("/rules")).json()["rules"]}
    assert (rules["openai"]["match"], rules["openai"]["tags"], rules["openai"]["hits_30d"]) == ("@openai", ["ai"], 23)
    assert (rules["seoul"]["hits_24h"], rules["seoul"]["hits_30d"]) == (8, 8)
    health = (await api.get("/health")).json()
    assert health["ok"] == all(one["ok"] for one in health["checks"])
    assert all(one["action"] for one in health["checks"] if not one["ok"])
    hit = (await api.get("/hits", limit=1)).json()["hits"][0]
    assert (await api.get("/explain", hit=hit["id"])).json()["fate"] == "waiting"
    assert (await api.get("/explain", url="https://news.example/never")).json()["fate"] == "never_listed"
    assert (await api.get("/explain")).status == 422
    assert (await api.get("/explain", hit=1, url="x")).status == 422
    assert (await api.get("/explain", hit=99999)).status == 404


async def test_a_backtest_is_bounded_and_refuses_what_is_no_rule(api: Served) -> None:
    async def tried(**wish: object) -> Answer:
        return await api.call("POST", "/backtest", scope=Scope.WRITE, body=wish)

    answer = await tried(expression="k3 OR k4", days=2)
    assert (answer.status, answer.json()["span"]["articles"], answer.json()["rules"][0]["hits"]) == (200, 23, 2)
    wrong = await tried(expression="오픈AI AND (")
    assert (wrong.status, "expression: " in wrong.json()["detail"]) == (422, True)
    assert "say what to try" in (await tried()).json()["detail"]
    assert (await tried(rule="opnai")).json()["detail"] == "no rule 'opnai'; did you mean 'openai'?"
    both = await asyncio.gather(tried(rule="openai"), tried(rule="seoul"))
    assert sorted(one.status for one in both) == [200, 429]
    assert (await tried(rule="seoul")).status == 200, "the next one has its turn"


async def test_what_is_asked_by_the_web_is_asked_in_its_own_threads(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The App's own reader has no limit of time, and works in the threads that all of the daemon shares."""

    def opened() -> None:
        raise AssertionError("asked by the App itself")

    monkeypatch.setattr(api.desk.app, "_opened_reader", opened)
    for path, query in (
        ("/explain", {"hit": "1"}),
        ("/explain", {"url": "https://news.example/k1"}),
        ("/health", {}),
        ("/hits", {}),
        ("/stories", {}),
        ("/sources", {}),
        ("/rules", {}),
    ):
        answer = await api.call("GET", path, query)
        assert (answer.status, "asked by the App" in answer.text) == (200, False), (path, answer.text)
    for path, body in (
        ("/backtest", {"rule": "openai", "against": True, "days": 2}),
        ("/deliveries/replay", {"ids": ["0193abcdef01"]}),
        ("/channels/desk/test", {}),
        ("/hits/1/handling", {"state": "kept"}),
        ("/silences", {"rule": "openai", "until": "2h", "why": "실적 발표일"}),
    ):
        answer = await api.call("POST", path, scope=Scope.WRITE, body=body)
        assert answer.status in {200, 201}, (path, answer.text)


async def test_a_backtest_leaves_the_threads_of_other_questions_free(api: Served) -> None:
    taken, over = threading.Event(), threading.Event()

    def hold(_: SqlReader) -> None:
        taken.set()
        over.wait(PATIENCE)

    held = asyncio.create_task(api.desk.past.ask(hold))
    await asyncio.to_thread(taken.wait, PATIENCE)
    assert (await api.get("/hits")).status == 200
    refused = await api.call("POST", "/backtest", scope=Scope.WRITE, body={"rule": "openai"})
    assert (refused.status, "retry-after" in refused.headers) == (503, True)
    over.set()
    await held
    assert (await api.call("POST", "/backtest", scope=Scope.WRITE, body={"rule": "openai"})).status == 200


async def test_nothing_is_reloaded_or_polled_that_is_not_there(api: Served) -> None:
    reloaded = await api.call("POST", "/reload", scope=Scope.ADMIN)
    assert (reloaded.status, "no daemon is running" in reloaded.json()["detail"]) == (409, True)
    none = await api.call("POST", "/sources/heral/fetch", scope=Scope.WRITE)
    assert (none.status, "did you mean 'herald'?" in none.json()["detail"]) == (404, True)


async def test_a_page_elsewhere_cannot_act_through_a_browser(api: Served) -> None:
    for foreign in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = await api.call(
            "POST", "/silences", scope=Scope.WRITE, body={"everything": True, "until": "2h"}, headers=foreign
        )
        assert answer.status == 403
    allowed = await api.call("OPTIONS", f"{PREFIX}/silences", headers={"origin": "https://evil.example"})
    assert allowed.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert not [name for name in allowed.headers if name.startswith("access-control-")]
