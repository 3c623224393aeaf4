"""pydantic's complaints -> Problems at lines of the file, in words for people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config import mends
from monitor.config.documents import Broken, Unquoted, Value
from monitor.config.parts import RENAMED
from monitor.config.places import Path, Spot
from monitor.model.errors import ConfigProblem

P = TypeVar("P", bound=BaseModel)

CONFIDENTIAL = frozenset({"url", "database"})  # what is written there is never quoted; nor what no repr shows
MAX_QUOTED = 40
TOLD = ""  # the code of a fault inside a value that was told when the file was read
_SHAPES = {"list_type": "a list, as in [a, b]", "model_type": "a mapping of keys", "dict_type": "a mapping of keys"}
_ALIAS = "must be 1 to 64 letters, digits, - and _"
_IDENTIFIER = "must be 1 to 64 of a-z, 0-9, - and _, the first a letter or digit"


def fill(model: type[P], value: Value, spot: Spot, path: Path = ()) -> tuple[P | None, list[ConfigProblem]]:
    """Check `value`, which stands at `path` inside `spot`; return the filled model, or every fault in it."""
    details: list[ErrorDetails] = []
    filled: P | None = None
    try:
        filled = model.model_validate(value)
    except ValidationError as error:
        # Kept apart from the handler, so that no error of ours carries pydantic's, which holds the input.
        details = error.errors(include_url=False)
    if not details:
        return filled, []
    known = _keys(model)
    hidden = CONFIDENTIAL | _unshown(model)
    problems = [problem for detail in details if (problem := _problem(detail, spot, path, known, hidden))]
    return filled, problems


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the closest known word, or all of them when none is close and they are few."""
    names = sorted(known)
    if close := get_close_matches(word, names, n=1, cutoff=0.6):
        return f"did you mean {close[0]}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 12 else ""  # noqa: PLR2004 - about a line


def _unshown(model: type[BaseModel]) -> frozenset[str]:
    """Return the keys of a model, and of the models in it, that no repr shows."""
    own = {name for name, field in model.model_fields.items() if not field.repr}
    parts = (field.annotation for field in model.model_fields.values())
    inner = (_unshown(part) for part in parts if isinstance(part, type) and issubclass(part, BaseModel))
    return frozenset(own).union(*inner)


def _keys(model: type[BaseModel], path: Path = ()) -> dict[Path, tuple[str, ...]]:
    """Return the keys of a model and of the models in it, by path."""
    keys: dict[Path, tuple[str, ...]] = {path: tuple(one.alias or name for name, one in model.model_fields.items())}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            keys |= _keys(field.annotation, (*path, name))
    return keys


def _problem(
    detail: ErrorDetails, spot: Spot, path: Path, known: Mapping[Path, tuple[str, ...]], hidden: frozenset[str]
) -> ConfigProblem | None:
    """Return one ConfigProblem, or None where the fault was told when the file was read."""
    place, kind = detail["loc"], detail["type"]
    where = (*path, *place)
    if isinstance(detail["input"], Broken) or (kind == "fault" and detail["ctx"]["code"] == TOLD):
        return None
    if kind == "missing":
        return spot.problem(where[:-1], f"`{place[-1]}` is missing", "", "CFG011")
    if kind == "extra_forbidden":
        word = str(place[-1])
        now = RENAMED.get(word)
        if now in known.get(place[:-1], ()):
            return spot.key_problem(where, f"`{word}` is called `{now}` now", f"write `{now}:`", "CFG010")
        return spot.key_problem(where, f"unknown key `{word}`", suggestion(word, known.get(place[:-1], ())), "CFG010")
    key = next((step for step in reversed(place) if isinstance(step, str)), "")
    code, message, hint = _wording(detail, _written(spot, where, hidden), key)
    return spot.problem(where, f"{_label(place)} {message}", hint, code)


def _label(place: Path) -> str:
    """Name the value that is meant."""
    names = [step for step in place if isinstance(step, str)]
    label = f"`{names[-1]}`" if names else "this"
    return f"an item of {label}" if names and isinstance(place[-1], int) else label


def _written(spot: Spot, where: Path, hidden: frozenset[str]) -> str:
    """Return what stands in the file where it may be quoted, else ""."""
    found, exact = spot.find(where)
    if not exact and where[-1:] == (0,):
        found, exact = spot.find(where[:-1])  # a single text stands for a list of one
    if not exact or hidden & set(where) or len(found.raw) > MAX_QUOTED:
        return ""
    return found.raw


_BOUNDS: Final = {"greater_than_equal": "must be {ge} or more", "less_than_equal": "must be {le} or less"}


def _wording(detail: ErrorDetails, raw: str, key: str) -> tuple[str, str, str]:
    """Return code, message and hint."""
    kind, value = detail["type"], detail["input"]
    if kind in _SHAPES:
        return "CFG013", f"must be {_SHAPES[kind]}", ""
    if kind in _BOUNDS:
        return "CFG015", _unlike(_BOUNDS[kind].format(**(detail.get("ctx") or {})), raw), ""
    if kind == "bool_type":
        return "CFG012", "must be true or false", mends.switch(raw)
    if kind == "fault" or (isinstance(value, str | list) and kind != "string_type"):
        return _of_text(kind, detail.get("ctx") or {}, raw, key)
    return _of_shape(value, raw, key)


def _of_shape(value: object, raw: str, key: str) -> tuple[str, str, str]:
    """Return code, message and hint for a value that should have been text."""
    if value is None:
        return (
            "CFG012",
            "has no value",
            "give one, or delete the key" + ("" if raw else "; one that begins with # stands in quotation marks"),
        )
    if isinstance(value, list | dict):
        return "CFG013", f"must be text, not a {'list' if isinstance(value, list) else 'mapping'}", ""
    what = value.what if isinstance(value, Unquoted) else "yes-or-no"
    return (
        "CFG012",
        f"must be text, and YAML takes {raw or 'this'} for a {what} value",
        mends.with_unit(raw, key) or (mends.listener(raw) if key == "listen" else "") or _quote(raw),
    )


def _of_text(kind: str, context: Mapping[str, Any], raw: str, key: str) -> tuple[str, str, str]:
    """Return code, message and hint for text, or a list, that is no good."""
    if kind == "fault":
        message = str(context["message"])
        return str(context["code"]), _unlike(message, raw), str(context["hint"]) or _mend(message, raw, key)
    if kind == "too_short":
        return "CFG013", "needs at least one item", ""
    if kind == "literal_error":
        choices = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return "CFG014", _unlike(f"must be one of: {', '.join(choices)}", raw), _choice(raw, choices)
    if kind == "string_too_long":
        return "CFG015", f"is longer than {context['max_length']} characters", ""
    if kind == "string_pattern_mismatch":
        words = _ALIAS if r"\w" in str(context["pattern"]) else _IDENTIFIER
        return "CFG015", _unlike(words, raw), ""
    return "CFG012", "has the wrong type", ""


def _mend(message: str, raw: str, key: str) -> str:
    """Return what was probably meant, in the words that `message` asks for."""
    if "time zone" in message:
        return mends.zone(raw) if raw else ""
    for words, mend in ((" a host and a port", mends.listener), ("host bits", mends.network)):
        if words in message:
            return mend(raw)
    if "cron" in message and (meant := mends.cron(raw)):
        return meant
    return mends.amount(raw, key) if "duration" in message or "size" in message else ""


def _choice(raw: str, choices: list[str]) -> str:
    return suggestion(raw.lower(), choices) if raw else ""


def _unlike(message: str, raw: str) -> str:
    return f"{message}; here stands {raw!r}" if raw and "must be" in message else message


def _quote(raw: str) -> str:
    return f'quote it: "{raw}"' if raw else "put it in quotation marks"
