"""Signals that come while the program starts are held, and nothing is cut in the middle."""

from __future__ import annotations

import os
import signal

import pytest

from monitor.service.signals import ECHO, Held, held

NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@pytest.mark.parametrize(
    ("number", "stop", "reload"),
    [(signal.SIGTERM, True, False), (signal.SIGINT, True, False), (signal.SIGHUP, False, True)],
)
def test_what_is_asked_for_during_the_block_is_remembered(number: int, *, stop: bool, reload: bool) -> None:
    before = [signal.getsignal(one) for one in NUMBERS]
    with held() as waiting:
        assert not waiting.stop
        os.kill(os.getpid(), number)
        assert (waiting.stop, waiting.reload) == (stop, reload)
    assert [signal.getsignal(one) for one in NUMBERS] == before


def test_an_end_asked_for_twice_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)
    now = [0.0]
    waiting = Held(lambda: now[0])
    waiting.take(signal.SIGTERM)
    now[0] = ECHO / 2
    waiting.take(signal.SIGTERM)  # the echo of the same signal
    assert ended == []
    now[0] = ECHO * 2
    waiting.take(signal.SIGTERM)
    assert ended == [1]
