"""A hit as a row of columns, for programs and spreadsheets. Pure."""

from __future__ import annotations

from monitor.model.records import HitRecord

COLUMNS = (
    *("id", "created_at", "rule_id", "rule_name", "source_id", "source_name", "article_id", "url", "title", "author"),
    *("published_at", "first_seen_at", "story_id", "mentions", "excerpt", "alerted", "handling", "owner"),
    *("note", "surfaces", "channels", "reached", "feedback"),
)
"""Those of the view v_hits, in its order."""


def cells(hit: HitRecord) -> tuple[object, ...]:
    """Return a hit as the values of COLUMNS; `surfaces` are the different words that were found."""
    article = hit.article
    return (
        *(hit.id, hit.created_at, hit.rule_id, hit.rule_name),
        *(article.source, article.source_name, article.id, article.url, article.title, article.author),
        *(article.published_at, article.first_seen_at, hit.story_id),
        *(len(hit.matches), hit.excerpt, hit.alerted),
        *(hit.handling.state.value, hit.handling.owner, hit.handling.note),
        " | ".join(dict.fromkeys(match.surface for match in hit.matches)),
        *(hit.channels, hit.reached, hit.feedback.value if hit.feedback else ""),
    )
