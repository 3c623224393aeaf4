"""One hit, sent by the daemon's own line in every format at once, with headers and signatures of both styles."""

from __future__ import annotations

import hmac
import json

import pytest
import yaml

from tests.journeys.installation import SECRET, Installation
from tests.replica.newspapers import Newsroom, seed_piece
from tests.replica.receiver import Receiver

pytestmark = pytest.mark.slow

KEY = "canary-hmac-0123456789"
TEMPLATE = '{"text": {{ (card.label ~ ": " ~ card.title)|tojson }}, "key": {{ id|tojson }}}'
FORMATS = {
    "plain": {},
    "events": {"format": "cloudevents"},
    "headers": {"format": "cloudevents-binary"},
    "alerts": {"format": "alertmanager"},
    "own": {"format": "template", "template_file": "body.j2"},
}


async def test_one_hit_in_every_format(
    installation: Installation, paper: Newsroom, receiver: Receiver, seed_text: str
) -> None:
    installation.max_age, installation.channels = "0s", list(FORMATS)
    installation.aliases = {"openai": ["오픈AI"]}
    installation.watch(paper)
    more = {"secret": SECRET, "hmac_secret": KEY, "headers": {"Authorization": "Bearer canary-token-77"}}
    channels = [
        {"id": name, "kind": "webhook", "url": f"{receiver.url}/{name}", **keys, **more}
        for name, keys in FORMATS.items()
    ]
    (installation.config / "channels.yaml").write_text(yaml.safe_dump({"channels": channels}), "utf-8")
    (installation.config / "body.j2").write_text(TEMPLATE, "utf-8")
    assert (await installation.command("run", "--once")).returncode == 0
    seed = seed_piece(seed_text)
    paper.publish(seed)
    done = await installation.command("run", "--once")
    assert done.returncode == 0, done.stderr
    posts = {post.path.rpartition("/")[2]: post for post in await receiver.received(len(FORMATS))}
    assert posts.keys() == FORMATS.keys()
    for post in posts.values():
        assert post.verified, post.problem
        signed = hmac.new(KEY.encode(), post.body, "sha256").hexdigest()
        assert post.headers["x-hub-signature-256"] == f"sha256={signed}"
        assert (post.headers["authorization"], post.headers["accept"]) == ("Bearer canary-token-77", "application/json")
    bodies = {name: json.loads(post.body) for name, post in posts.items()}
    assert bodies["plain"]["version"] == "1"
    assert bodies["events"]["data"].keys() == bodies["plain"]["data"].keys()
    assert (bodies["events"]["id"], bodies["events"]["type"]) == (posts["events"].id, "hit.created")
    assert (bodies["headers"]["article"]["title"], posts["headers"].headers["ce-specversion"]) == (seed.title, "1.0")
    assert bodies["alerts"]["alerts"][0]["annotations"]["summary"] == seed.title
    assert bodies["own"] == {"text": f"openai: {seed.title}", "key": posts["own"].id}
    shown = (await installation.command("deliveries", "--format", "json")).stdout + done.stdout + done.stderr
    assert "canary" not in shown
