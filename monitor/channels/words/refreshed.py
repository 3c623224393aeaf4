"""The body of a message that was sent, with its story as it is now. Pure.

Nothing else of it is composed anew: the article, its hits and why they were told stay what they were when it was made, so that an
edit never takes away what somebody has read. The body that is stored stays as it is, and a replay sends that one.
"""

from __future__ import annotations

import json

from monitor.model.story import Story


def refreshed(body: bytes, story: Story) -> bytes | None:
    """Return the body with the numbers of `story`; None where it says them already, or tells of no story."""
    message = json.loads(body)
    data = message.get("data", {})
    if message.get("type") != "hit.created" or not isinstance(data.get("story"), dict):
        return None
    now = {"articles": story.articles, "outlets": story.outlets}
    if now.items() <= data["story"].items():
        return None
    data["story"] |= now
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
