"""Ways out of the process as the settings want them: a client for pages, one for webhooks, one for mail, and the polite visitor of pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from monitor.config.settings import Settings
from monitor.extract.sandbox.parsers import GuardedParser
from monitor.fetch.fetcher import PoliteFetcher
from monitor.net.apprise_client import AppriseClient
from monitor.net.client import HttpClient, Limits
from monitor.net.mail_client import MailClient
from monitor.pipeline.lists import ListReader
from monitor.pipeline.page_reader import PageReader
from monitor.service.clock import utc_now

# Many channels may lead to one host, where a channel whose receiver is silent must not hold back the others.
CHANNELS_AT_ONE_HOST: Final = 100


def page_client(settings: Settings) -> HttpClient:
    """Return the client that news sites are read with, within the limits of `fetch`, through its proxy where it names one."""
    fetch = settings.fetch
    limits = Limits(fetch.timeout, fetch.max_bytes, fetch.user_agent, fetch.allow_networks)
    return HttpClient(limits, proxy=fetch.proxy, authorities=fetch.authorities)


def webhook_client(settings: Settings) -> HttpClient:
    """Return the client that messages are posted with, within the limits of `deliver`, through its proxy where it names one."""
    deliver = settings.deliver
    return HttpClient(_receivers(settings), proxy=deliver.proxy, authorities=deliver.authorities)


def mail_client(settings: Settings) -> MailClient:
    """Return the client that mail is handed in with, within the same limits and through the same proxy."""
    deliver = settings.deliver
    return MailClient(_receivers(settings), proxy=deliver.proxy, authorities=deliver.authorities)


def apprise_client(settings: Settings) -> AppriseClient:
    """Return the way to services that only Apprise knows; of the settings the deadline alone holds for it."""
    return AppriseClient(settings.deliver.timeout)


def _receivers(settings: Settings) -> Limits:
    fetch, deliver = settings.fetch, settings.deliver
    return Limits(
        deliver.timeout,
        fetch.max_bytes,
        fetch.user_agent,
        deliver.allow_networks,
        opened_by="deliver.allow_networks",
        per_host=CHANNELS_AT_ONE_HOST,
    )


@dataclass(frozen=True, slots=True)
class Visitor:
    """The product's own way to pages and through them."""

    fetcher: PoliteFetcher
    parser: GuardedParser

    def list_reader(self) -> ListReader:
        """Return the reader of lists."""
        return ListReader(self.fetcher, self.parser, utc_now)

    def page_reader(self) -> PageReader:
        """Return the reader of articles."""
        return PageReader(self.fetcher, self.parser, utc_now)


@asynccontextmanager
async def visiting(settings: Settings) -> AsyncIterator[Visitor]:
    """Open a fetcher with the manners and guards of the settings, and a parser."""
    client = page_client(settings)
    parser = GuardedParser()
    try:
        yield Visitor(PoliteFetcher(client, utc_now, per_host_interval=settings.fetch.per_host_interval), parser)
    finally:
        await client.aclose()
        await parser.aclose()
