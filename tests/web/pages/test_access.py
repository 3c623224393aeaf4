"""Every page asks who is there; what everybody may have is listed here."""

from __future__ import annotations

import re

from fastapi.routing import APIRoute

from monitor.web.pages.routers import PAGES
from tests.web.pages.shown import Browser

OPEN = {"/assets/{mark}/{name}"}


async def test_no_page_is_shown_to_strangers(browser: Browser) -> None:
    browser.scope = None
    routes = [one for router in PAGES for one in router.routes if isinstance(one, APIRoute)]
    assert routes
    for route in routes:
        path = re.sub(r"{[^}]*}", "1", route.path)
        for method in route.methods or ():
            answer = await (browser.get(path) if method == "GET" else browser.post(path))
            if route.path not in OPEN:
                assert answer.status in {303, 401}, f"{method} {route.path}: {answer.status}"
                assert answer.headers.get("location", "/login").startswith("/login")
