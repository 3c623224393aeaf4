"""What counts as another source, channel or rule, and that what was stored under a digest is found again."""

from __future__ import annotations

from dataclasses import replace

from monitor.model.fingerprint import channel_fingerprint, health_fingerprint, poll_fingerprint, rule_fingerprint
from monitor.model.plan import Channel, Interval, Plan, Rule, Source

SOURCE = Source("a", "A", "list", ("https://a.example/", "https://b.example/"), Interval(60))
CHANNEL = Channel("desk", "webhook", "https://hooks.example/desk", ("whsec_c2VjcmV0",))
RULE = Rule("ai", "AI", "@openai OR 딥시크", ("a",), ("desk",))
PLAN = Plan("v1", (SOURCE,), (RULE,), (CHANNEL,), {"openai": ("OpenAI", "오픈AI")})


def test_digests_stay_what_they_were() -> None:
    """Another digest for the same thing makes every source due, every rule rematched, every memory empty."""
    assert poll_fingerprint(SOURCE) == "458810f24b9c3c6dd75e051e9ffb9e830ab9de1920eb3750dde3b39c477366c9"
    assert health_fingerprint(SOURCE) == "10fcb9db69dcd533"
    assert channel_fingerprint(CHANNEL) == "83fef5aea88c66526aac0b190ee05528f1663e46d560935460316f46b7c0383e"
    assert rule_fingerprint(RULE, PLAN) == "fd2d561dd09c29819033f41720082915b656e4930f079bad02a0269c1110f72e"


def test_health_goes_by_what_is_read_and_not_by_when() -> None:
    same = replace(SOURCE, urls=SOURCE.urls[::-1], every=Interval(5), name="B")
    others = (SOURCE, replace(SOURCE, site="x"), replace(SOURCE, urls=SOURCE.urls[:1]))
    assert health_fingerprint(same) == health_fingerprint(SOURCE)
    assert len({health_fingerprint(one) for one in others}) == len(others)


def test_polling_goes_by_when_as_well_and_not_by_the_name() -> None:
    assert poll_fingerprint(replace(SOURCE, name="B", note="n")) == poll_fingerprint(SOURCE)
    assert poll_fingerprint(replace(SOURCE, every=Interval(5))) != poll_fingerprint(SOURCE)


def test_a_rule_goes_by_what_it_finds_and_not_by_whom_it_tells() -> None:
    more = replace(PLAN, aliases={"openai": ("OpenAI",)})
    plain = replace(RULE, expression="딥시크")
    assert rule_fingerprint(replace(RULE, name="B", channels=()), PLAN) == rule_fingerprint(RULE, PLAN)
    assert rule_fingerprint(RULE, more) != rule_fingerprint(RULE, PLAN)
    assert rule_fingerprint(plain, more) == rule_fingerprint(plain, PLAN)


def test_a_channel_goes_by_how_it_is_reached() -> None:
    assert channel_fingerprint(replace(CHANNEL, options=(("to", "room"),))) != channel_fingerprint(CHANNEL)
    assert channel_fingerprint(replace(CHANNEL, zone="UTC")) == channel_fingerprint(CHANNEL)
    assert channel_fingerprint(replace(CHANNEL, secrets=())) != channel_fingerprint(CHANNEL)


def test_any_text_has_a_digest() -> None:
    assert len(rule_fingerprint(replace(RULE, expression="\ud800"), PLAN)) == 64
