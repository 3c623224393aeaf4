"""A story is told once, and again only for what is new about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.escalation import NEW
from monitor.model.notification import Told
from monitor.model.policy import ESCALATE, StoryBurst, StoryPolicy
from monitor.notify.stories import BURST, MAJOR, levels_to_tell, outlets_level

NOW = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def outlets(*ages: float) -> dict[str, datetime]:
    """Return outlets that took a story up so many minutes ago."""
    return {f"o{number}": NOW - age * MINUTE for number, age in enumerate(ages)}


def told(*levels: str, minutes_ago: float = 60) -> Told:
    return Told(frozenset(levels), NOW - minutes_ago * MINUTE)


SLOW = (900, 800, 700, 600)


@pytest.mark.parametrize(
    ("there", "known", "policy", "wanted"),
    [
        (outlets(0), Told(), ESCALATE, (NEW,)),
        (outlets(60, 0), told(NEW), ESCALATE, ()),
        (outlets(*SLOW), told(NEW), ESCALATE, ()),
        (outlets(*SLOW, 0), told(NEW), ESCALATE, ("outlets:5",)),
        (outlets(*SLOW, 500, 0), told(NEW, "outlets:5"), ESCALATE, ()),
        (outlets(*SLOW, *range(100, 110), 0), told(NEW, "outlets:5"), ESCALATE, ("outlets:15",)),
        (outlets(*SLOW, *range(100, 110), 0), told(NEW), ESCALATE, ("outlets:5", "outlets:15")),
        (outlets(60, 20, 15, 10, 5), told(NEW), StoryPolicy(outlets=()), ()),
        (outlets(60, 20, 15, 10, 5, 0), told(NEW), StoryPolicy(outlets=()), (BURST,)),
        (outlets(60, 31, 15, 10, 5, 0), told(NEW), StoryPolicy(outlets=()), ()),
        (outlets(60, 20, 15, 10, 5, 0), told(NEW, "outlets:5", minutes_ago=5), ESCALATE, ()),
        (outlets(60, 20, 15, 10, 5, 0), told(NEW, BURST), StoryPolicy(outlets=()), ()),
        (outlets(60, 20, 15, 10, 5, 0), told(NEW), StoryPolicy(outlets=(), burst=None), ()),
        # the clock was set back by a day, or by ten minutes, since the story was told
        (outlets(-1440, 20, 15, 10, 5, 0), told(NEW, minutes_ago=-1440), StoryPolicy(outlets=()), (BURST,)),
        (outlets(-10, 20, 15, 10, 5, 0), told(NEW, minutes_ago=-10), StoryPolicy(outlets=()), (BURST,)),
        (outlets(-1440, -1435, -1430, -1425, 0), told(NEW, minutes_ago=-1440), StoryPolicy(outlets=()), ()),
        (outlets(60, 0), told(NEW), StoryPolicy(majors=("o1",)), (MAJOR,)),
        (outlets(60, 0), told(NEW, MAJOR), StoryPolicy(majors=("o1",)), ()),
        (outlets(60, 0), told(NEW), StoryPolicy(majors=("o0",)), ()),
        # the major's own article was told to nobody: a silence, or it met another rule
        (outlets(90, 30, 0), told(NEW), StoryPolicy(majors=("o1",)), (MAJOR,)),
        (outlets(90, 30, 20, 0), told(NEW, minutes_ago=25), StoryPolicy(majors=("o2", "o9")), (MAJOR,)),
        (outlets(90, 30, 0), told(NEW, minutes_ago=25), StoryPolicy(majors=("o1",)), ()),
        (outlets(90, 30, 0), told(NEW, MAJOR), StoryPolicy(majors=("o1",)), ()),
        (outlets(20, 15, 10, 5, 0), Told(), StoryPolicy(majors=("o4",)), (NEW, "outlets:5", MAJOR)),
        (outlets(*SLOW, 0), told(NEW), StoryPolicy("all"), ()),
        (outlets(*SLOW, 0), Told(), StoryPolicy("all"), (NEW,)),
        (outlets(*SLOW, 0), told(NEW), StoryPolicy(outlets=(2, 3)), ("outlets:2", "outlets:3")),
    ],
)  # fmt: skip
def test_what_is_new_about_a_story(
    there: dict[str, datetime], known: Told, policy: StoryPolicy, wanted: tuple[str, ...]
) -> None:
    last = list(there)[-1]
    assert levels_to_tell(policy, there, known, last, NOW) == wanted


@given(
    st.lists(st.tuples(st.integers(0, 20), st.floats(0, 120)), min_size=1, max_size=60),
    st.builds(
        StoryPolicy,
        outlets=st.lists(st.integers(2, 20), max_size=4, unique=True).map(sorted).map(tuple),
        burst=st.none() | st.builds(StoryBurst, st.integers(1, 8), st.floats(1, 7200)),
        majors=st.lists(st.sampled_from(["o1", "o2"]), max_size=2, unique=True).map(tuple),
    ),
)
def test_however_a_story_grows_each_level_is_told_once(arrivals: list[tuple[int, float]], policy: StoryPolicy) -> None:
    """Each article is decided with what was told before it: no level twice, none that is reached left out at the end."""
    now, there, known, said = NOW, dict[str, datetime](), Told(), list[str]()
    for number, minutes in arrivals:
        now += minutes * MINUTE
        source = f"o{number}"
        there.setdefault(source, now)
        levels = levels_to_tell(policy, there, known, source, now)
        said += levels
        if levels:
            known = Told(known.levels | set(levels), now)
    assert said[0] == NEW
    assert len(said) == len(set(said))
    reached = {outlets_level(number) for number in policy.outlets if len(there) >= number}
    assert reached == {level for level in said if level.startswith("outlets:")}
    assert (MAJOR in said) == any(one in there for one in policy.majors)
    most = StoryBurst(0, 0) if policy.burst is None else policy.burst
    if BURST in said:
        assert len(there) > most.outlets > 0
