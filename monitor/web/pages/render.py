"""Templates filled in: whole pages with their frame, each text escaped, each answer with the policy that its page needs."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from shlex import quote
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.model.confidential import hide
from monitor.model.errors import public_url
from monitor.present.inert import inert_text
from monitor.service.desk import Desk
from monitor.web.pages.assets import accepts_gzip, address
from monitor.web.pages.texts import Texts
from monitor.web.pages.times import PageClock
from monitor.web.pages.viewer import Viewer, language, remember, theme

CSP: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page of ours may load: its own style sheet and scripts, and nothing that stands in the page itself."""
BARE_CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page without scripts may load."""
_REASONS: Final = (
    ("capitals", "capitals differ"),
    ("begins_earlier", "the word begins earlier"),
    ("goes_on", "the word goes on"),
    ("unknown", "unknown ending"),
    ("longer", "longer word"),
    ("part", "part of"),
    ("prefix", "prefix of"),
)
"""How grounds of more than one word begin."""
_SMALL: Final = 1_400  # bytes that one packet holds as they are


@cache
def environment() -> Environment:
    """Return the templates. All that is put into them is escaped; what is not there is a fault, not a blank."""
    templates = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=inert,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(asset=address, with_query=with_query)
    templates.filters.update(web_only=web_only, shell=quote, hidden=hide, public=public_url, reason=reason)
    templates.filters["configuration_file"] = configuration_file
    return templates


async def page(
    request: Request, viewer: Viewer, template: str, *, status: int = HTTPStatus.OK, **values: object
) -> Response:
    """Return a page: `template` in the frame that all pages have. Raises StoreError."""
    desk: Desk = request.app.state.desk
    frame = {
        "t": viewer.texts,
        "viewer": viewer,
        "clock": PageClock(viewer.now, viewer.zone, viewer.texts),
        "line": await desk.line.summary(),
        "path": request.url.path,
        "here": here(request),
        "query": dict(request.query_params),
        "version": _version(),
        "stream": False,
        "newer": 0,
        "boosted": request.headers.get("hx-request") == "true",
    }
    text = environment().get_template(template).render(frame | values)
    answer = html(request, text, status)
    if request.query_params.get("ui") == viewer.lang:
        remember(answer, request, "monitor_lang", viewer.lang)
    return answer


def html(request: Request, text: str, status: int = HTTPStatus.OK, policy: str = CSP) -> Response:
    """Return a text as a page, compressed where that is worth it and the browser takes it."""
    body = text.encode("utf-8", "replace")
    headers = {"Content-Security-Policy": policy, "Vary": "Accept-Encoding, Cookie, HX-Request"}
    if len(body) > _SMALL and accepts_gzip(request):
        return HTMLResponse(gzip.compress(body, 5), status, {**headers, "Content-Encoding": "gzip"})
    return HTMLResponse(body, status, headers)


def bare(request: Request, template: str, status: int = HTTPStatus.OK, **values: object) -> Response:
    """Return a page without what only those see who may look at all: a form to log in, an error."""
    frame = {"t": Texts(language(request)), "lang": language(request), "theme": theme(request)}
    return html(request, environment().get_template(template).render(frame | values), status, BARE_CSP)


def here(request: Request) -> str:
    """Return the address of a page on this server."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def with_query(path: str, query: Mapping[str, object], **changes: object) -> str:
    """Return an address with a query in which some parameters are others; those that say nothing are left out."""
    kept = {key: value for key, value in {**query, **changes}.items() if value not in ("", None)}
    return f"{path}?{urlencode(kept)}" if kept else path


@cache
def _version() -> str:
    return version("monitor")


def inert(value: object) -> object:
    """Return what a template puts out without what turns the direction of reading or is no letter at all."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return Markup(inert_text(value)) if isinstance(value, Markup) else inert_text(value)  # noqa: S704 - was escaped before


def reason(code: str, texts: Texts) -> str:
    """Return why a place counts as a mention, or does not, in words; what there are no words for stays as it is."""
    name, _, tail = code.partition(" ")
    for key, begins in _REASONS:
        if code.startswith(begins):
            return texts(f"reason.{key}", tail=code[len(begins) :].strip())
    return texts(f"reason.{name}", tail=tail) if texts.has(f"reason.{name}") else code


def configuration_file(place: str) -> str:
    """Return a file of the configuration as people name it: without the folders that lead there."""
    *_, folder, name = ("", *place.split("/"))
    return f"{folder}/{name}" if folder.endswith(".d") else name


def web_only(url: str) -> str:
    """Return an address that a page may link to; "" for one that is not of the web."""
    return url if url.lower().startswith(("http://", "https://")) else ""
