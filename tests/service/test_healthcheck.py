"""Whether a daemon is ready, as a container's health check finds it out."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from monitor.service import lock
from monitor.service.healthcheck import check_health
from monitor.service.web_file import NAME, WebState, forget_state, keep_state, web_state


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Answer each request so; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_no_daemon_is_not_well(tmp_path: Path) -> None:
    well, why = check_health(tmp_path)
    assert not well
    assert "monitor run" in why


@pytest.mark.parametrize(
    ("status", "body", "well", "why"),
    [
        (200, b'{"status": "ok"}', True, "ready"),
        (503, b'{"reasons": ["the disk is full", "so is the moon"]}', False, "the disk is full; so is the moon"),
        (503, b"busy", False, "the daemon answers 503"),
        (500, b"[]", False, "the daemon answers 500"),
        (503, b'{"reasons": 7}', False, "the daemon answers 503"),
    ],
)
def test_it_goes_by_what_the_daemon_answers(tmp_path: Path, status: int, body: bytes, why: str, *, well: bool) -> None:
    with lock.hold(tmp_path), answering(status, body) as address:
        keep_state(tmp_path, WebState(address=address))
        assert check_health(tmp_path) == (well, why)


def test_one_that_does_not_answer_is_not_well(tmp_path: Path) -> None:
    with answering(200, b"") as address:
        pass
    with lock.hold(tmp_path):
        keep_state(tmp_path, WebState(address=address))
        well, why = check_health(tmp_path)
    assert (well, address in why) == (False, True)


@pytest.mark.parametrize("state", [None, WebState(fault="the web server cannot listen on 127.0.0.1:80")])
def test_without_a_web_server_the_heart_counts(tmp_path: Path, state: WebState | None) -> None:
    with lock.hold(tmp_path) as held:
        if state:
            keep_state(tmp_path, state)
        assert check_health(tmp_path)[0]
        os.utime(held.path, (1, 1))
        assert not check_health(tmp_path)[0]


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"address": "x"}', "null"])
def test_a_state_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, "utf-8")
    assert web_state(tmp_path) is None
    forget_state(tmp_path)
    forget_state(tmp_path)
    keep_state(tmp_path / "gone", WebState())
