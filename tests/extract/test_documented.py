"""docs/outlets.md knows every key, every way and every family, and its examples are sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from monitor.extract.definitions.catalog import checked, definitions, sealed, sites, unsealed
from monitor.extract.definitions.keys import FAMILY, FIELDS, KEYS, READERS
from monitor.extract.text.scripts import SCRIPT

MANUAL = (Path(__file__).parents[2] / "docs" / "outlets.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n# sites\.d/mine\.yaml\n(.*?)```", MANUAL, re.DOTALL)


def table(title: str) -> list[str]:
    """Return the first cells of the table under a heading."""
    found = re.search(rf"^#+ {title}\n(.*?)(?=^#|\Z)", MANUAL, re.MULTILINE | re.DOTALL)
    assert found
    return [line.split("|")[1].strip(" `") for line in found[1].splitlines() if line.startswith("| `")]


def test_every_key_is_documented_and_every_documented_key_exists() -> None:
    documented = {key.partition(".")[0] for key in table("Keys")}
    assert documented == set(KEYS)
    assert {"drop.selectors", "drop.prefixes", "drop.contains", "drop.paragraphs"} <= set(table("Keys"))
    assert all(f"`{field}`" in MANUAL for field in FIELDS)


def test_every_reader_is_documented() -> None:
    assert {way.split(" ")[0] for way in table("Ways")} == {*READERS, SCRIPT, FAMILY}


def test_every_family_is_documented() -> None:
    named = {str(one["family"]) for one in definitions().values() if "family" in one}
    of_one_kind = {family for family in named if sites()[family].outlet}  # a paper that another paper resembles
    assert set(table("What ships")) == named - of_one_kind


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_are_sound(text: str) -> None:
    added = yaml.load(text, Loader=yaml.BaseLoader)["sites"]  # noqa: S506 - text of every scalar
    assert list(checked(added)) == []
    for name in added:
        assert unsealed(sealed(name, added)).name == name


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3
