"""Who gets in at a daemon as a process of its own: passwords, sessions, tokens, figures."""

from __future__ import annotations

import os
import re
import signal

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.journeys.installation import Installation, until
from tests.journeys.test_daemon import events
from tests.journeys.test_web import asked, serving
from tests.patience import PATIENCE
from tests.replica.newsroom import Newsroom

pytestmark = pytest.mark.slow

PASSWORD, READER = "an operator's own words", "what readers know"


@pytest.fixture
def closed(installation: Installation, paper: Newsroom) -> Installation:
    """An installation that others can reach, with two passwords."""
    (installation.config / "word").write_text(f"{PASSWORD}\n", "utf-8")
    installation.settings = {
        "web": {
            "listen": "0.0.0.0:0",
            "hosts": ["desk.example.com"],
            "password_file": "word",
            "reader_password": READER,
            "trusted_proxies": ["127.0.0.2/32"],
        }
    }
    installation.watch(paper)
    return installation


async def test_nobody_is_let_in_without_a_password_or_a_token(closed: Installation) -> None:
    async with closed.running():
        url = await serving(closed)
        assert (await asked(url, "/livez", headers={"Host": "desk.example.com"})).status_code == 200
        # This machine reads the figures without one; whoever a proxy speaks for does not.
        relayed = {"X-Forwarded-For": "203.0.113.9"}
        refused = await asked(url, "/metrics", headers=relayed)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
        assert "monitor token add" in refused.json()["detail"]
        page = await asked(url, "/metrics?a=1", headers={**relayed, "Accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/login?next=/metrics%3Fa%3D1")
        form = await asked(url, page.headers["location"])
        assert "비밀번호" in form.text
        assert "비밀번호" in form.text
        assert "<script" not in form.text
        assert "script-src" not in form.headers["content-security-policy"]

        made = await closed.command("token", "add", "grafana", "--expires", "90d")
        assert made.returncode == 0, made.stderr
        bearer = {**relayed, "Authorization": f"Bearer {made.stdout.strip()}"}
        assert (await asked(url, "/metrics", headers=bearer)).status_code == 200
        listed = await closed.command("token", "list", "--format", "json")
        assert '"grafana"' in listed.stdout
        assert made.stdout.strip() not in listed.stdout
        assert (await closed.command("token", "revoke", "grafana")).returncode == 0
        assert (await asked(url, "/metrics", headers=bearer)).status_code == 401, "at once"
        assert (await closed.command("token", "revoke", "grafna")).returncode == 2


async def test_a_session_lasts_over_a_restart_and_ends_when_it_is_told_to(closed: Installation) -> None:
    relayed = {"X-Forwarded-For": "203.0.113.9"}
    async with closed.running():
        url = await serving(closed)
        for number in range(6):
            tried = await asked(url, "/login", "POST", data={"password": f"guess {number}"}, headers=relayed)
            assert tried.status_code == (401 if number < 5 else 429)
        assert int(tried.headers["retry-after"]) > 0
        # Another address is not to blame; what an untrusted client forwards makes it no other one.
        assert (await asked(url, "/login", "POST", data={"password": READER}, headers=relayed)).status_code == 429
        foreign = {"Origin": "https://evil.example"}
        assert (await asked(url, "/login", "POST", data={"password": READER}, headers=foreign)).status_code == 403
    async with closed.running():
        url = await serving(closed)
        form = {"password": READER, "next": "//evil.example/"}
        entered = await asked(url, "/login", "POST", data=form, headers=relayed)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        cookie = entered.headers["set-cookie"]
        assert re.search("HttpOnly", cookie)
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        session = {**relayed, "Cookie": cookie.partition(";")[0]}
        assert (await asked(url, "/metrics", headers=session)).status_code == 200
    async with closed.running():
        url = await serving(closed)
        assert (await asked(url, "/metrics", headers=session)).status_code == 200
        assert "reader" in (await asked(url, "/login", headers=session)).text
        left = await asked(url, "/logout", "POST", headers=session)
        assert left.status_code == 303
        assert (await asked(url, "/metrics", headers=session)).status_code == 401
    shown = (closed.folder / "daemon.log").read_text("utf-8")
    assert READER not in shown
    assert PASSWORD not in shown


async def through_proxy(url: str, path: str, method: str = "GET", **more: object) -> httpx.Response:
    """Return the answer to a request of the trusted proxy, for somebody on https."""
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
    given: dict[str, str] = dict(more.pop("headers", {}))  # type: ignore[call-overload]  # a mapping of texts
    headers = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "desk.example.com",
        **given,
    }
    async with httpx.AsyncClient(timeout=PATIENCE, transport=transport) as client:
        return await client.request(method, url + path, headers=headers, **more)  # type: ignore[arg-type]  # of httpx


async def test_behind_a_proxy_with_tls_the_cookie_is_for_tls_alone(closed: Installation) -> None:
    async with closed.running():
        url = await serving(closed)
        ours = {"Origin": "https://desk.example.com"}
        entered = await through_proxy(url, "/login", "POST", data={"password": PASSWORD}, headers=ours)
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"]
        assert cookie.startswith("__Host-monitor_session=")
        assert "Secure" in cookie
        session = {"Cookie": cookie.partition(";")[0]}
        assert (await through_proxy(url, "/metrics", headers=session)).status_code == 200
        assert (await through_proxy(url, "/metrics")).status_code == 401
        http = {"Origin": "http://desk.example.com", **session}
        assert (await through_proxy(url, "/logout", "POST", headers=http)).status_code == 403


async def test_the_figures_tell_what_happened(installation: Installation) -> None:
    async with installation.running() as process:
        url = await serving(installation)
        assert (await asked(url, "/metrics")).status_code == 200  # what is decided from now on is counted
        await until(lambda: "source.polled" in events(installation), what="a first poll")
        os.kill(process.pid, signal.SIGHUP)
        await until(lambda: "reloaded" in events(installation), what="a reload")
        found = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families((await asked(url, "/metrics")).text)
            for sample in family.samples
        }
        assert found["monitor_polls_total", (("outcome", "ok"), ("source", "mediapen"))] >= 1
        assert found["monitor_reload_success", ()] == 1
        assert found["monitor_sources", ()] == 1
        assert found["monitor_database_up", ()] == 1
        assert found["monitor_outbox_depth", (("channel", "desk"),)] == 0
        route = (("method", "GET"), ("route", "/metrics"), ("status", "200"))
        assert found["monitor_web_requests_total", route] == 1


async def test_healthcheck_asks_the_daemon(installation: Installation) -> None:
    told = await installation.command("healthcheck")
    assert (told.returncode, "monitor run" in told.stderr) == (1, True)
    async with installation.running():
        await serving(installation)
        await until(lambda: "source.polled" in events(installation), what="a first poll")
        told = await installation.command("healthcheck")
        assert (told.returncode, told.stdout) == (0, "ready\n")
    assert (await installation.command("healthcheck")).returncode == 1
