"""Every channel of a rule gets a decision, and every silence a reason."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.delivery import Notification, Suppression
from monitor.model.plan import Channel, Plan, Rule
from monitor.notify.policy import decide, suppressed_as

OPEN = Channel("desk", "webhook", "https://hooks.example/desk")
BARE = Channel("later", "webhook", "")
OFF = Channel("off", "webhook", "https://hooks.example/off", enabled=False)
OFF_AND_BARE = Channel("void", "webhook", "", enabled=False)
PLAN = Plan("v1", channels=(OPEN, BARE, OFF, OFF_AND_BARE))
EVERYBODY = Rule("openai", "OpenAI", "@openai", channels=("desk", "later", "off", "void", "unknown"))


def reasons(*, baseline: bool = False, rematch: bool = False) -> list[Suppression | None]:
    return [alert.suppressed for alert in decide(EVERYBODY, PLAN, baseline=baseline, rematch=rematch)]


def test_each_channel_is_told_or_says_why_not() -> None:
    assert decide(EVERYBODY, PLAN, baseline=False) == (
        Notification("desk", "openai", None),
        Notification("later", "openai", Suppression.NOT_CONFIGURED),
        Notification("off", "openai", Suppression.DISABLED),
        Notification("void", "openai", Suppression.DISABLED),
        Notification("unknown", "openai", Suppression.NOT_CONFIGURED),
    )


def test_a_hit_is_kept_back_when_no_channel_is_told() -> None:
    told, bare, off = (
        Notification(name, "openai", why)
        for name, why in (("desk", None), ("later", Suppression.NOT_CONFIGURED), ("off", Suppression.DISABLED))
    )
    assert suppressed_as((told,)) == suppressed_as((bare, told)) == ""
    assert suppressed_as((off, bare)) == "disabled"
    assert suppressed_as((bare, off)) == "not_configured"
    assert suppressed_as(()) == "no_channel"
    assert suppressed_as(decide(EVERYBODY, PLAN, baseline=True)) == "baseline"


def test_a_baseline_is_silent_everywhere() -> None:
    assert reasons(baseline=True) == [Suppression.BASELINE] * 5


def test_a_rematch_is_silent_everywhere() -> None:
    assert reasons(rematch=True) == [Suppression.REMATCH] * 5


def test_baseline_goes_before_rematch() -> None:
    assert reasons(baseline=True, rematch=True) == [Suppression.BASELINE] * 5


def test_a_rule_without_channels_tells_nobody() -> None:
    assert decide(Rule("r", "R", "x"), PLAN, baseline=False) == ()


def test_a_channel_named_twice_is_told_once() -> None:
    assert decide(Rule("r", "R", "x", channels=("desk", "desk")), PLAN, baseline=False) == (Notification("desk", "r"),)


@given(st.lists(st.sampled_from(["desk", "later", "off", "void", "unknown"])), st.booleans(), st.booleans())
def test_one_alert_per_channel_in_order(names: list[str], baseline: bool, rematch: bool) -> None:  # noqa: FBT001 - drawn
    notifications = decide(Rule("r", "R", "x", channels=tuple(names)), PLAN, baseline=baseline, rematch=rematch)
    assert [alert.channel_id for alert in notifications] == list(dict.fromkeys(names))
    sent = [alert.channel_id for alert in notifications if alert.suppressed is None]
    assert sent == ([] if baseline or rematch else ["desk"] * ("desk" in names))


def test_every_reason_is_in_use() -> None:
    used = {
        reason for flags in product((False, True), repeat=2) for reason in reasons(baseline=flags[0], rematch=flags[1])
    }
    assert used == {*Suppression, None}
