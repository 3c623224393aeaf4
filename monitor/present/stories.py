"""A story with its acts and outlets as a JSON object: the keys of `monitor stories` and of whatever comes."""

from __future__ import annotations

from monitor.model.story_records import StoryRecord
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json, handling_object


def story_record_object(story: StoryRecord) -> dict[str, Json]:
    """Return a stored story: counts over all its acts, the acts oldest first, outlets in the order in which they told it.

    `outlets_last_hour` is how many of them began to within the hour before it was asked for.
    """
    acts: list[Json] = [
        {
            "id": act.id,
            "title": act.title,
            "first_seen_at": rfc3339(act.first_seen_at),
            "last_seen_at": rfc3339(act.last_seen_at),
            "articles": act.articles,
            "outlets": act.outlets,
            "related": act.related or None,
        }
        for act in story.acts
    ]
    outlets: list[Json] = [
        {
            "source": outlet.source,
            "source_name": outlet.source_name,
            "first_seen_at": rfc3339(outlet.first_seen_at),
            "lag_seconds": outlet.lag_seconds,
            "articles": outlet.articles,
            "title": outlet.title,
            "url": outlet.url,
        }
        for outlet in story.outlets
    ]
    return {
        "id": story.id,
        "title": story.title,
        "first_seen_at": rfc3339(story.first_seen_at),
        "last_seen_at": rfc3339(story.last_seen_at),
        "articles": story.articles,
        "hits": story.hits,
        "outlets_last_hour": story.growth,
        "rules": list(story.rules),
        "outlets": outlets,
        "acts": acts,
        "handling": handling_object(story.handling),
    }
