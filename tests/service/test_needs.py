"""What needs a person: one entry for each cause, what stops all first."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from monitor.model.errors import ConfigProblem
from monitor.service.config_watch import FilesState
from monitor.service.line_watch import LineSummary
from monitor.service.needs import NeedKind, needs
from tests.service.test_line_watch import NOW, channel, source

SEOUL = ZoneInfo("Asia/Seoul")


def test_all_well_needs_nobody() -> None:
    assert needs(LineSummary(NOW, (source("a"),), (channel("one", "open"),)), FilesState(), SEOUL) == ()


def test_each_cause_is_told_once_and_the_gravest_first() -> None:
    alike = tuple(
        source(f"s{number}", last_error=f"status: 503 <http://{number}.kr/>", failures=3) for number in range(4)
    )
    ill = source("ill", problem="empty", summary="no body", action="look", missed_today=3, since=NOW)
    shut = replace(channel("pager", "shut", 19), reason="404", since=NOW)
    dead = replace(channel("mail", "open"), dead=2)
    refused = (ConfigProblem("rules.yaml", 1, 1, "no"), ConfigProblem("rules.yaml", 2, 1, "no"))
    found = needs(
        LineSummary(NOW, (*alike, ill, source("well")), (shut, dead, channel("x", "off"))), FilesState(refused), SEOUL
    )
    assert [one.kind for one in found] == [
        NeedKind.CONFIG,
        NeedKind.SHUT,
        NeedKind.ALIKE,
        NeedKind.SOURCE,
        NeedKind.DEAD,
    ]
    config, closed, group, one, lost = found
    assert (config.count, closed.count, lost.count) == (2, 19, 2)
    assert closed.advice == "address", "what is to be done about a 404"
    assert len(group.ids) == 4
    assert "http" not in group.detail
    assert (one.ids, one.count, one.detail, one.action, one.since) == (("ill",), 3, "no body", "look", NOW)


def test_an_outage_stands_for_all_its_sources() -> None:
    line = LineSummary(
        NOW, tuple(source(f"s{n}", last_error="dns: no name") for n in range(9)), (), "no server answers"
    )
    (only,) = needs(line, FilesState(), SEOUL)
    assert (only.kind, only.count, only.detail) == (NeedKind.OUTAGE, 9, "no server answers")


def test_sources_that_no_server_answers_have_the_question_of_the_way_to_them() -> None:
    line = LineSummary(NOW, (*(source(f"s{n}", last_error="dns: no name") for n in range(4)), source("well")), ())
    (only,) = needs(line, FilesState(), SEOUL)
    assert (only.kind, only.advice) == (NeedKind.ALIKE, "network")
    busy = tuple(source(f"s{n}", last_error="status: 503", failures=3) for n in range(4))
    (only,) = needs(LineSummary(NOW, busy, ()), FilesState(), SEOUL)
    assert only.advice == "", "their servers answer"
    unreached = {"problem": "unreachable", "summary": "no answer", "last_error": "proxy: refused"}
    (only,) = needs(LineSummary(NOW, tuple(source(f"s{n}", **unreached) for n in range(4)), ()), FilesState(), SEOUL)
    assert only.advice == "proxy"
