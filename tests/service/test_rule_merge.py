"""Two changes of one rule: what only one touched is kept, what both did is shown."""

from __future__ import annotations

from dataclasses import replace

from monitor.service.rule_draft import RuleDraft
from monitor.service.rule_merge import fingerprint, merged

BEFORE = RuleDraft(id="seoul", name="서울", match="서울", channels=("desk", "team"), tags=("city",))


def test_each_keeps_what_the_other_did_not_touch() -> None:
    mine, theirs = replace(BEFORE, match="서울 OR 한양"), replace(BEFORE, name="서울시", tags=())
    found = merged(fingerprint(BEFORE), mine, theirs)
    assert found.draft == replace(BEFORE, match="서울 OR 한양", name="서울시", tags=())
    assert (found.kept, found.clashing) == (("name", "tags"), ())


def test_what_both_changed_is_mine_until_the_other_is_chosen() -> None:
    mine, theirs = replace(BEFORE, match="a", severity="critical"), replace(BEFORE, match="b", severity="critical")
    found = merged(fingerprint(BEFORE), mine, theirs)
    assert (found.draft, found.theirs, found.kept, found.clashing) == (mine, theirs, (), ("match",))
    again = merged(fingerprint(theirs), found.draft, theirs, ["match"])
    assert (again.draft.match, again.clashing) == ("b", ())


def test_who_does_not_say_what_they_saw_is_shown_every_difference() -> None:
    mine, theirs = replace(BEFORE, match="a", channels=("team", "desk")), replace(BEFORE, name="서울시")
    for base in ("", "0" * 7, "nonsense"):
        found = merged(base, mine, theirs)
        assert (found.draft, found.clashing) == (mine, ("name", "match"))


def test_the_order_of_channels_is_no_change() -> None:
    assert fingerprint(BEFORE) == fingerprint(replace(BEFORE, channels=("team", "desk")))
    assert len(fingerprint(BEFORE)) <= 200
