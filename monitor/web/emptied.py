"""Fields of a form that were sent empty, which FastAPI takes for fields that were not sent."""

from __future__ import annotations

from fastapi import Request


async def emptied(request: Request, *names: str) -> dict[str, str]:
    """Return those of the fields that somebody has emptied, with "": they mean another thing than those that are left out."""
    form = await request.form()
    return {name: "" for name in names if form.get(name) == ""}
