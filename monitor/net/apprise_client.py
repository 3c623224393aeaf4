"""Messages to whatever Apprise knows: a library that speaks for itself, in a thread that is not waited for beyond a deadline.

Apprise opens its own connections, with `requests` and others: no guard, no proxy of the settings and no cap stands in front of it,
and it tells whether a service took a message, never what it answered (docs/configuration.md says so to whoever writes one).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from monitor.model.errors import FetchError, FetchReason

THREADS: Final = 8  # made when needed; a service that hangs holds one until Apprise's own timeouts end it


def has_apprise() -> bool:
    """Return whether the package is installed."""
    try:
        import apprise  # noqa: F401, PLC0415 - the extra [apprise]; a fifth of a second
    except ImportError:
        return False
    return True


def is_known(url: str) -> bool:
    """Return whether Apprise knows the service of an address, and the address is complete. Nothing is sent."""
    from apprise import Apprise  # noqa: PLC0415 - as above

    return Apprise.instantiate(url) is not None


class AppriseClient:
    """Hands messages to Apprise. `seconds` is the deadline of each."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="relay")

    async def relay(self, url: str, title: str, text: str) -> None:
        """Send plain words; return when the service took them.

        Raises FetchError when it did not, or has not within the deadline: the thread goes on by itself then, and the service
        may have taken them all the same. The error names nothing of the URL, of which every part may be a secret.
        """
        if not has_apprise():
            what = 'the package apprise is not installed: pip install "monitor[apprise]"'
            raise FetchError("", FetchReason.BAD_URL, what, transient=False)
        sending = asyncio.get_running_loop().run_in_executor(self._threads, _told, url, title, text)
        try:
            async with asyncio.timeout(self._seconds):
                taken = await sending
        except TimeoutError as error:
            raise FetchError(
                "", FetchReason.TIMEOUT, f"Apprise has not come back within {self._seconds:g} s"
            ) from error
        except Exception as error:  # a hundred services, each with a parser of its own; the text may name the URL
            raise FetchError("", FetchReason.PROTOCOL, f"Apprise failed with {type(error).__name__}") from error
        if not taken:
            raise FetchError("", FetchReason.PROTOCOL, "Apprise says that the service did not take it, and not why")

    async def aclose(self) -> None:
        """Let the threads go; messages that are under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _told(url: str, title: str, text: str) -> bool:
    """Return whether the service took it."""
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415 - as above

    service = Apprise.instantiate(url)
    if service is None:
        return False
    carrier = Apprise()
    carrier.add(service)
    return bool(carrier.notify(body=text, title=title, body_format=NotifyFormat.TEXT))
