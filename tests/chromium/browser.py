"""A real Chromium (Debian's), as somebody in front of it uses it: colours, width, language, keyboard, no script."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.evidence import CHROMIUM
from tests.patience import PATIENCE

# What a browser would look up by itself is switched off: there is no network but loopback.
SWITCHES: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
RULES: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PICTURES: Final = "MONITOR_SCREENSHOTS"
"""Names the folder in which pictures of the pages are kept; without it none are."""
HEIGHT: Final = 800


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser for the block; the test skips where there is none."""
    place = shutil.which("chromium") or shutil.which("chromium-browser")
    if place is None:
        CHROMIUM.stop()
    with sync_playwright() as player:
        running = player.chromium.launch(executable_path=place, args=list(SWITCHES))
        try:
            yield running
        finally:
            running.close()


@dataclass
class Tab:
    """A page that somebody looks at. `faults` are what its scripts and its policy complain of, `requests` what it asked for."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the desk."""
        self.page.goto(self.url + path)

    def key(self, code: str, key: str, **more: Any) -> None:  # noqa: ANN401 - of a KeyboardEvent
        """Press a key as an input method reports it: the place of the key, and what it writes."""
        event = {"code": code, "key": key, "bubbles": True, "cancelable": True, **more}
        self.page.evaluate("event => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', event))", event)

    def focused(self) -> str:
        """Return the row that has the focus, "" for none."""
        return str(self.page.evaluate("document.activeElement?.closest('.row')?.id ?? ''"))

    def violations(self) -> list[str]:
        """Return what axe-core finds against WCAG 2.2 AA and best practice, with where."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]

    def is_wider_than_its_window(self) -> bool:
        """Return whether one has to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def picture(self, name: str) -> None:
        """Keep a picture where they are asked for."""
        if folder := os.environ.get(PICTURES):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder, f"{name}.png"), full_page=False)


@contextmanager
def tab(browser: Browser, url: str, *, width: int = 1280, dark: bool = False, **more: Any) -> Iterator[Tab]:  # noqa: ANN401 - of playwright
    """Open a tab for the block; whatever its scripts or its policy complain of fails at the end."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if dark else "light",
        **{"locale": "ko-KR", **more},
    )
    context.set_default_timeout(PATIENCE * 1_000)
    one = Tab(context.new_page(), url)
    one.page.on("console", lambda told: one.faults.append(told.text) if told.type in {"error", "warning"} else None)
    one.page.on("pageerror", lambda error: one.faults.append(str(error)))
    one.page.on("request", lambda asked: one.requests.append(asked.url))
    try:
        yield one
        foreign = [asked for asked in one.requests if not asked.startswith((url, "data:"))]
        assert foreign == [], "a page asks nobody but its own server"
        assert one.faults == []
    finally:
        context.close()
