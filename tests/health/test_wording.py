"""What the operator reads is exact, in both languages, whatever stands in an address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.health import wording
from monitor.health.access import AccessRefusal
from monitor.health.yields import Fall
from monitor.model.health import HARD, SourceProblem

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize("problem", list(SourceProblem))
def test_each_problem_has_a_cure_in_both_languages(problem: SourceProblem) -> None:
    told = wording.action(problem, "paper")
    assert told.en
    assert any("가" <= letter <= "힣" for letter in told.ko)
    assert ("paper" in told.en) == ("paper" in told.ko) or problem in {SourceProblem.EMPTY, SourceProblem.UNREACHABLE}
    assert "{" not in told.en + told.ko


@pytest.mark.parametrize("problem", sorted(HARD))
def test_an_address_may_hold_braces(problem: SourceProblem) -> None:
    refusal = AccessRefusal("https://a.example/{0}{x}", problem, NOW, 3, "because of {y}" * 100)
    told = wording.refused(refusal, 2)
    for text in (told.en, told.ko):
        assert "https://a.example/{0}{x}" in text
        assert len(text) < 400
    assert "2 more" in told.en
    assert "외 2개" in told.ko
    assert "more" not in wording.refused(refusal, 0).en


def test_a_fall_says_what_was_and_what_is() -> None:
    told = wording.fallen(
        (Fall("body", 0, 3, 0.95, "site", "generic"), Fall("page", 1, 4, 0.9, "read", "!status: 403"))
    )
    assert "body: 0 of the last 3 articles gave it the usual way (site), 95% did before; now generic" in told.en
    assert "now status: 403" in told.en
    assert "본문: 평소(site) 95%, 최근 기사 3건 중 0건; 지금은 generic" in told.ko


def test_pages_that_could_never_be_read_name_the_cause() -> None:
    told = wording.fallen((Fall("page", 0, 10, 0.0, "", "!bad_redirect: from https down to http"),))
    assert told.en.endswith("known by their headlines alone: bad_redirect: from https down to http")
    assert "제목만 저장했습니다: bad_redirect" in told.ko


def test_figures() -> None:
    assert wording.gone_by(90, 10).en == "about 10 articles went by unseen in the last hours (90% were seen)"
    assert "0%" in wording.gone_by(0, 0).en
    assert wording.silent(26.4, 39.5).en == "nothing new for 26 h, where 40 articles were to be expected"
    assert wording.outage(39, 40, "dns").en == "39 of 40 sources failed at once: dns"
    assert wording.odd((("https://a.example/", "cp949 before, utf-8 now"),)).ko.endswith("cp949 before, utf-8 now")
