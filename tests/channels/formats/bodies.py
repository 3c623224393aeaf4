"""Frozen bodies of every type, as the product composes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from monitor.channels.words.compose import compose
from monitor.model.delivery import Delivery, Item, MessageDraft
from monitor.model.health import Alarm, Bilingual, Notice, SourceProblem
from tests.channels.samples import ARTICLE, CONTEXT, HIT, NOW, delivery

SINCE = NOW - timedelta(hours=2)
ALARM = Alarm(SourceProblem.EMPTY, SINCE, Bilingual("no content", "내용 없음"), Bilingual("look", "확인"))
BROKEN = Notice(broken=True, alarm=ALARM, at=NOW, source_id="herald", source_name="한빛일보")
RECOVERED = replace(BROKEN, broken=False, at=NOW + timedelta(hours=1))
EVERYWHERE = replace(BROKEN, source_id="", source_name="", sources=7)
NASTY = replace(
    CONTEXT,
    article=replace(
        ARTICLE, title='"따옴표" \\ 100% {{7*7}} </script> 😀', url="https://a.example/뉴스?a=1&b=2", authors=()
    ),
    hit=replace(HIT, rule_id="ai-칩", rule_name='A "B" 100%'),
)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
SUBJECTS = st.lists(
    st.one_of(
        st.builds(
            lambda title, rule, excerpt: replace(
                CONTEXT,
                article=replace(ARTICLE, title=title),
                hit=replace(HIT, rule_id=rule, rule_name=rule, excerpt=excerpt),
            ),
            WORDS,
            WORDS,
            WORDS,
        ),
        st.sampled_from([BROKEN, RECOVERED, EVERYWHERE]),
    ),
    min_size=1,
    max_size=4,
)


def frozen(*items: Item) -> Delivery:
    """Return a claimed delivery that tells of these."""
    return delivery(compose(MessageDraft(17, NOW, items)))
