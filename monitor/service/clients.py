"""The two HTTP clients as the settings want them: one for pages, one for webhooks."""

from __future__ import annotations

from monitor.config.settings import Settings
from monitor.net.client import HttpClient, Limits


def page_client(settings: Settings) -> HttpClient:
    """Return the client that news sites are read with, within the limits of `fetch`."""
    fetch = settings.fetch
    return HttpClient(Limits(fetch.timeout, fetch.max_bytes, fetch.user_agent, fetch.allow_networks))


def webhook_client(settings: Settings) -> HttpClient:
    """Return the client that messages are posted with, within the limits of `deliver`."""
    fetch, deliver = settings.fetch, settings.deliver
    return HttpClient(Limits(deliver.timeout, fetch.max_bytes, fetch.user_agent, deliver.allow_networks))
