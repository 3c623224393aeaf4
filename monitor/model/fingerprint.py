"""When a source, a channel or a rule counts as another one than before, for each memory that hangs on it. Pure.

A fingerprint is a digest of what decides; whoever stores one compares it with that of the present plan. Changing what
goes in, or how, makes every installation's memory begin anew.
"""

from __future__ import annotations

import hashlib

from monitor.model.plan import Channel, Plan, Rule, Source


def poll_fingerprint(source: Source) -> str:
    """Return the digest of what decides when and how a source is polled: with another one it is due at once."""
    told = (source.kind, source.urls, source.every, source.site, source.zone, source.enabled, source.first_run)
    return _sha256(told)


def health_fingerprint(source: Source) -> str:
    """Return the digest of what a source shows when all is well: with another one its past says nothing."""
    told = (source.kind, source.site, source.definition, sorted(source.urls))
    return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()


def channel_fingerprint(channel: Channel) -> str:
    """Return the digest of how a channel is reached, secrets included and not recoverable: with another one it is tried again."""
    options = tuple(given for given in (channel.options, channel.private) if given)
    return _sha256((channel.kind, channel.url, channel.secrets, channel.enabled, *options))


def rule_fingerprint(rule: Rule, plan: Plan) -> str:
    """Return the digest of what a rule finds: its expression, its sources, the aliases it may name, the analyser.

    With another one the rule is held against every stored article again.
    """
    aliases = sorted((name, tuple(spellings)) for name, spellings in plan.aliases.items())
    analyser = () if plan.analyser == "none" else (plan.analyser,)
    return _sha256((rule.expression, rule.sources, aliases if "@" in rule.expression else (), *analyser))


def _sha256(value: object) -> str:
    """Return the SHA-256 of a plain value's repr, in hexadecimal digits; any text has one, broken surrogates too."""
    return hashlib.sha256(repr(value).encode("utf-8", "backslashreplace")).hexdigest()
