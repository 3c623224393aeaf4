"""A watch of one's own company is put in force from a page, in a daemon as a process of its own, and taken back."""

from __future__ import annotations

import re

import pytest

from tests.journeys.installation import Installation
from tests.journeys.test_web import asked, serving
from tests.replica.newsroom import Newsroom

pytestmark = pytest.mark.slow

READ = re.compile(r'name="read" value="([0-9a-f]*)"')


async def test_from_a_form_to_a_rule_in_force(installation: Installation, paper: Newsroom) -> None:
    installation.watch(paper, every="1h")
    file = installation.config / "rules.yaml"
    before = file.read_text("utf-8")
    async with installation.running():
        url = await serving(installation)
        token = (await installation.command("token", "add", "lee", "--scope", "admin")).stdout.strip()
        known = {"Authorization": f"Bearer {token}", "Accept": "text/html"}
        form = await asked(url, "/rules/new", headers=known)
        (read,) = READ.findall(form.text)
        typed = {"read": read, "name": "우리 회사", "match": "해솔소프트", "tests_match": "해솔소프트가 왔다"}
        led = await asked(url, "/rules/new/preview", "POST", data=typed, headers=known)
        seen = await asked(url, led.headers["location"], headers=known)
        assert "하루 약" in seen.text, seen.text
        assert file.read_text("utf-8") == before
        saved = await asked(url, "/rules/new", "POST", data=typed, headers=known)
        assert (saved.status_code, saved.headers["location"]) == (303, "/rules/uri-hoesa")
        rules = (await asked(url, "/api/v1/rules", headers=known)).json()["rules"]
        assert "uri-hoesa" in [one["id"] for one in rules], "it is in force when the page says so"
        (read,) = READ.findall((await asked(url, "/rules/uri-hoesa/remove", headers=known)).text)
        gone = await asked(url, "/rules/uri-hoesa/remove", "POST", data={"read": read}, headers=known)
        assert gone.status_code == 303
        rules = (await asked(url, "/api/v1/rules", headers=known)).json()["rules"]
        assert "uri-hoesa" not in [one["id"] for one in rules]
        assert "lee" in (await asked(url, "/settings/history", headers=known)).text
