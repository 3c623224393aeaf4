"""Names of a question that the plan does not have."""

from __future__ import annotations

import pytest

from monitor.model.errors import UnknownNameError
from monitor.model.plan import Plan, Rule
from monitor.service.named import Named, insist_on_plan, unplanned

PLAN = Plan("v1", rules=(Rule("openai", "OpenAI", "오픈AI", tags=("ai",)),))


def test_each_name_that_the_plan_lacks_is_told_with_the_nearest() -> None:
    assert list(unplanned(PLAN, Named(rule="openai", tag="ai"))) == []
    faults = [str(one) for one in unplanned(PLAN, Named(rule="opnai", source="x", channel="y", tag="aii"))]
    assert faults == [
        "no rule 'opnai'; did you mean 'openai'?",
        "no source 'x'; there are: none",
        "no channel 'y'; there are: none",
        "no tag 'aii'; did you mean 'ai'?",
    ]


def test_what_is_done_by_the_plan_alone_wants_its_names() -> None:
    insist_on_plan(PLAN, Named(rule="openai"))
    with pytest.raises(UnknownNameError, match="did you mean 'openai'"):
        insist_on_plan(PLAN, Named(rule="opnai"))
