"""One hit opened: why each rule met it, what was refused, who was told, who else tells the story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.model.errors import MonitorError
from monitor.model.explained import Explained, RuleRecord, ToldRecord
from monitor.model.feedback import Feedback
from monitor.model.handling import Handling, HandlingSubject
from monitor.model.hit import Match, Refusal
from monitor.model.records import ArticleHistory, HitQuery, HitRecord
from monitor.present.annotated import TextPiece, annotated
from monitor.present.story_rows import Piece, marked_excerpt, marked_title
from monitor.service.desk import Desk
from monitor.web.pages.viewer import Viewer


@dataclass(frozen=True, slots=True)
class RuleWhy:
    """Why one rule met an article: the different words, in how many places of which field, and on which ground."""

    rule: RuleRecord
    words: tuple[str, ...]
    fields: Mapping[str, int]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenedHit:
    """A hit with all that a page shows of it."""

    hit: HitRecord
    explained: Explained | None
    history: ArticleHistory | None = None
    said: tuple[Handling, ...] = ()
    feedback: tuple[Feedback, ...] = ()

    @property
    def headline(self) -> tuple[Piece, ...]:
        """Return the headline in pieces."""
        return marked_title((self.hit,))

    @property
    def excerpt(self) -> tuple[Piece, ...]:
        """Return the excerpt in pieces."""
        return marked_excerpt(self.hit)

    @property
    def met(self) -> tuple[RuleWhy, ...]:
        """Return the rules that the article has met, that of the hit first."""
        rules = [one for one in self._rules if one.hit_id is not None]
        return tuple(_why(one) for one in sorted(rules, key=lambda one: one.rule != self.hit.rule_id))

    @property
    def near(self) -> tuple[RuleRecord, ...]:
        """Return the rules that came near and were not met."""
        return tuple(one for one in self._rules if one.hit_id is None)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return the words that do not count, each place once, in the order in which they are numbered."""
        places = {(one.field, one.start, one.surface): one for rule in self._rules for one in rule.refusals}
        return tuple(places.values())

    @property
    def told(self) -> tuple[ToldRecord, ...]:
        """Return what became of the article's hits on each channel."""
        return () if self.explained is None else self.explained.told

    @property
    def text(self) -> Mapping[str, tuple[tuple[TextPiece, ...], ...]]:
        """Return the article's text by field, in paragraphs; what is not kept is not there."""
        if self.history is None or not self.history.versions:
            return {}
        latest = self.history.versions[-1]
        fields: Mapping[str, Sequence[str]] = {
            "subtitle": (latest.subtitle,),
            "body": (latest.body,),
            "caption": ("\n".join(latest.captions),),
        }
        found = [match for why in self.met for match in why.rule.mentions] or list(self.hit.matches)
        return {
            field: tuple(paragraph for text in texts for paragraph in annotated(text, field, found, self.refusals))
            for field, texts in fields.items()
            if any(texts)
        }

    @property
    def _rules(self) -> tuple[RuleRecord, ...]:
        return () if self.explained is None else self.explained.rules


def _why(rule: RuleRecord) -> RuleWhy:
    words = tuple(dict.fromkeys(one.surface for one in rule.mentions))
    return RuleWhy(rule, words, Counter(one.field for one in rule.mentions), _grounds(rule.mentions))


def _grounds(mentions: Sequence[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.reason for one in mentions if one.reason != "bare"))


async def opened(desk: Desk, viewer: Viewer, hit_id: int) -> OpenedHit | None:
    """Return the hit of that number with all that is known of it; None where there is none. Raises StoreError."""
    found = await peeked(desk, viewer, hit_id)
    if found is None:
        return None
    return replace(
        found,
        history=await desk.queries.history(hit_id),
        said=await desk.queries.handlings(HandlingSubject(hit_id)),
        feedback=await desk.queries.feedback(hit_id),
    )


async def peeked(desk: Desk, viewer: Viewer, hit_id: int, listed: Sequence[HitRecord] = ()) -> OpenedHit | None:
    """Return the hit of that number as it is open beside its list: without its text, and without what was said of it.

    It is perhaps one of those that are `listed`. None where there is none. Raises StoreError.
    """
    found = [one for one in listed if one.id == hit_id] or await desk.queries.hits(HitQuery(id=hit_id, limit=1))
    if not found:
        return None
    try:
        explained = await desk.app.explaining.explain(str(hit_id), "", viewer.now, live=False, queries=desk.queries)
    except MonitorError:
        explained = None  # what it was found by is shown nevertheless
    return OpenedHit(found[0], explained)
