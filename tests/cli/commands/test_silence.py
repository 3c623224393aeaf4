"""monitor silence, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from monitor.channels.words.compose import compose
from monitor.cli import process
from monitor.cluster.choice import WINDOW, choose
from monitor.model.notification import Notification, Situation
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.story import Signature
from monitor.notify.policy import decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from tests.cli.conftest import NOW, App, article, hit

RULES = "rules:\n  - {id: openai, match: OpenAI, tags: [ai, 경쟁사], channels: [desk]}\n"


@pytest.fixture
def tagged(stocked: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """The installation with a rule that has tags; kim is logged in."""
    stocked.rules(RULES)
    monkeypatch.setattr(process, "login", lambda: "kim")
    return stocked


def found(app: App, key: str, source: str = "herald") -> None:
    """Store a hit as a daemon does, a minute later."""
    rule = Rule("openai", "OpenAI", "OpenAI", channels=("desk",), tags=("ai", "경쟁사"))
    plan = Plan("v1", rules=(rule,), channels=(Channel("desk", "webhook", "https://hooks.example"),))

    def decide(situation: Situation) -> Sequence[Notification]:
        return decide_hits(situation, plan, calendar=CALENDAR)

    async def commit() -> None:
        database = Database(f"sqlite:///{app.installation.database}")
        try:
            title = f"OpenAI, 서울에 {key}"
            write = ArticleWrite(
                None, article(key, source, title, "본문"), Signature(), (hit("openai", title, "OpenAI"),)
            )
            moment = NOW + timedelta(minutes=1)
            await ArticleStore(database, choose, WINDOW).commit(write, decide, compose, moment)
        finally:
            await database.aclose()

    asyncio.run(commit())


def test_a_silence_keeps_hits_back_and_says_who_and_why(tagged: App) -> None:
    done = tagged("silence", "add", "--tag", "경쟁사", "--source", "herald", "--until", "1h", "--why", "사이트 점검")
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        "silence 1: source herald, tag 경쟁사, until 13:00 (in 1 h)",
        "monitor silence end 1 ends it before that",
    ]
    found(tagged, "kept")
    found(tagged, "told", "daily")
    (row,) = tagged("deliveries", "--suppressed", "--rule", "openai").rows
    assert (row["reason"], row["silence_id"], row["silence_author"], row["silence_why"]) == (
        "silenced",
        1,
        "kim",
        "사이트 점검",
    )
    shown = tagged("deliveries", "--suppressed", "--rule", "openai", "--format", "table").out
    assert "silenced (1, kim, until 13:00: 사이트 점검)" in " ".join(shown.split())
    assert len(tagged("deliveries", "--state", "pending", "--source", "daily").rows) == 1


def test_silences_are_listed_while_in_force_and_with_all_for_ever(tagged: App) -> None:
    assert tagged("silence", "list").rows == []
    tagged("silence", "add", "--rule", "openai", "--until", "18:00", "--why", "배포", "--who", "이데스크")
    tagged("silence", "add", "--everything", "--until", "2026-12-01", "--why", "연휴")
    both = tagged("silence", "list").rows
    assert [(row["id"], row["rule_id"], row["author"], row["ends_at"]) for row in both] == [
        (2, "", "kim", "2026-11-30T15:00:00.000Z"),
        (1, "openai", "이데스크", "2026-11-23T09:00:00.000Z"),
    ]
    assert tagged("silence", "end", "2").out == "silence 2 ends now\n"
    assert tagged("silence", "end", "2").out == "silence 2 was over already\n"
    found(tagged, "k")
    assert [row["silence_id"] for row in tagged("deliveries", "--suppressed", "--rule", "openai").rows] == [1]
    assert [row["id"] for row in tagged("silence", "list").rows] == [1]
    table = " ".join(tagged("silence", "list", "--all", "--format", "table").out.split())
    for words in ("everything", "ended 12:00", "rule openai", "until 18:00", "배포", "이데스크"):
        assert words in table


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--until", "1h"], "name at least one of --rule, --source, --tag, --word"),
        (["--everything", "--rule", "openai", "--until", "1h"], "--everything, alone"),
        (["--rule", "opneai", "--until", "1h"], "no rule 'opneai'; did you mean 'openai'?"),
        (["--source", "herld", "--until", "1h"], "no source 'herld'; did you mean 'herald'?"),
        (["--tag", "경쟁", "--until", "1h"], "no tag '경쟁'; did you mean '경쟁사'?"),
        (["--rule", "openai", "--until", "53w"], "a year at most"),
        (["--rule", "openai", "--until", "2026-11-01"], "'2026-11-01' is over"),
        (["--rule", "openai", "--until", "soon"], "'soon' is not a time ahead; write 1h or"),
        (["--rule", "openai"], "Missing option '--until'"),
        (["--rule", "openai", "--until", "1h", "--word", " "], "is blank"),
    ],
)
def test_a_silence_that_nobody_means_is_refused(tagged: App, options: list[str], words: str) -> None:
    refused = tagged("silence", "add", *options, "--why", "점검")
    assert refused.code == 2
    assert words in " ".join(refused.err.split())
    assert tagged("silence", "list", "--all").rows == []


def test_a_reason_is_asked_for_and_an_unknown_number_refused(tagged: App) -> None:
    missing = tagged("silence", "add", "--rule", "openai", "--until", "1h")
    assert (missing.code, "--why" in missing.err) == (2, True)
    tagged("silence", "add", "--rule", "openai", "--until", "1h", "--why", "점검")
    unknown = tagged("silence", "end", "7")
    assert (unknown.code, "no silence '7'; there are: 1" in unknown.err) == (2, True)


def test_whoever_has_no_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "이데스크")
    assert process.login() == "이데스크"

    def nobody() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", nobody)
    assert process.login().startswith("uid ")
