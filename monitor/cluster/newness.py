"""Whether an article is news to a story that it is like: the next act of a long affair. Pure.

The likeness of whole articles cannot tell: the next act repeats the background of the last one word for word, as a copy does.
What tells is whether the new lead is already in the story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.cluster.signature import UnpackedSignature
from monitor.model.story import Lead

HALF_A_DAY = 12.0  # hours after which more time tells nothing more

# Fitted on pairs of copies and of acts (a logistic regression), then rounded; the rounded ones answer alike.
_BASE = 2.5
_LEAD, _TITLE, _ACTS = 5.0, 1.3, 1.5  # what the story knows already speaks against news
_OTHER_DAY, _LATER = 3.0, 2.0
_UNKNOWN = 0.5  # acts of which nothing is said


def newness(lead: Lead, members: Sequence[UnpackedSignature], nearest: UnpackedSignature, hours: float) -> float:
    """Return how much news an article is to a story: above 0 it begins another act.

    Its lead and headline are held against all members, for what any of them told is no news; acts and days against the most
    similar one, for a long story names them all in the end. `hours` lie between the article and the story.
    """
    told = _share(lead.terms, members, 1.0)
    title = _share(lead.title, members, told)
    known = _UNKNOWN
    if lead.acts and nearest.acts is not None:
        known = (lead.acts & nearest.acts).bit_count() / lead.acts.bit_count()
    other_day = bool(lead.days and nearest.days and not lead.days & nearest.days)
    later = min(1.0, hours / HALF_A_DAY)
    return _BASE - _LEAD * told - _TITLE * title - _ACTS * known + _OTHER_DAY * other_day + _LATER * later


def _share(weights: Mapping[int, float], members: Sequence[UnpackedSignature], of_nothing: float) -> float:
    """Return the part of the weight that stands in the member that has most of it."""
    total = sum(weights.values())
    if not total:
        return of_nothing
    return max(sum([weights[term] for term in weights.keys() & member.terms.keys()]) for member in members) / total
