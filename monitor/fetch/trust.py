"""Whether a server's validators may be believed, learned from what it does with them.

RFC 9110 §13 lets a server answer 304 to a conditional request. Some answer 304 whatever happens, which would silence a
source for good; others give a new ETag to the same bytes, which makes conditions useless. So runs of 304 are broken, ever
more rarely, by a request without conditions, and what that shows is held against the server. Losing trust costs
bandwidth only: the body's own hash still tells what has changed.

What was learned goes with the validators, into the store: a look may be a process of its own.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.model.page import FIRST_CHECK, Repute, Validators

RAREST_CHECK = 48  # at a poll each five minutes: every four hours
NOISE = 3  # new validators for the same bytes, in a row, before conditions are given up


def conditions(known: Validators | None) -> dict[str, str]:
    """Return the headers that make the next request conditional; none when a full response is wanted."""
    if known is None or known.repute.distrusted or known.repute.run >= known.repute.check_after:
        return {}
    pairs = (("if-none-match", known.etag), ("if-modified-since", known.last_modified))
    return {name: value for name, value in pairs if value}


def learned(known: Validators | None, fresh: Validators, *, asked: bool, same: bool) -> Repute:
    """Return what is known of the server after a response. `asked`: conditions were sent; `same`: the document is the known one.

    `fresh` are the validators of the response, without a body hash when it was a 304.
    """
    if known is None:
        return Repute()
    before = known.repute
    if not (known.etag or known.last_modified):
        return before
    if not fresh.body_hash:
        return replace(before, run=before.run + 1, noise=0)
    if asked:
        noise = before.noise + 1 if same else 0
        return replace(before, run=0, noise=noise, proven=before.proven or not same, distrusted=noise >= NOISE)
    return _after_check(known, fresh, same=same) if before.run else before


def _after_check(known: Validators, fresh: Validators, *, same: bool) -> Repute:
    """Hold a full response against the run of 304 before it.

    The same validators for other bytes prove a lie. Other validators may mean that the document changed since the
    last request; that is believed of a server which has told of a change before, once.
    """
    before = known.repute
    if same:
        return replace(before, run=0, check_after=min(2 * before.check_after, RAREST_CHECK))
    lied = (fresh.etag, fresh.last_modified) == (known.etag, known.last_modified)
    return replace(before, run=0, check_after=FIRST_CHECK, proven=False, distrusted=lied or not before.proven)
