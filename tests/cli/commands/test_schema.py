"""`monitor schema`: the contract of a body, where the author of a receiver looks for it."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from monitor.channels.words.schemas import types
from monitor.cli.app import app


def test_the_types_are_listed_one_a_line() -> None:
    told = CliRunner().invoke(app, ["schema"])
    assert (told.exit_code, tuple(told.stdout.split())) == (0, types())
    assert {"hit.created", "source.broken", "source.recovered", "digest"} <= set(types())


def test_each_schema_is_printed_as_json() -> None:
    for name in types():
        told = CliRunner().invoke(app, ["schema", name])
        schema = json.loads(told.stdout)
        Draft202012Validator.check_schema(schema)
        assert (told.exit_code, schema["title"]) == (0, name)


def test_another_word_is_a_mistake_with_a_hint() -> None:
    told = CliRunner().invoke(app, ["schema", "hit.create"])
    assert told.exit_code == 2
    assert "hit.created" in told.output
