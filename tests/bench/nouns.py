"""Makes the noun lists of monitor/match/data: `python -m tests.bench.nouns`. Needs the kiwipiepy package.

Origin: the morpheme dictionary of the Kiwi analyser's model (kiwipiepy_model, Apache-2.0, Minchul Lee and contributors;
trained on corpora of the National Institute of Korean Language). Which words are taken, and what for, is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kiwipiepy import Kiwi

from monitor.match.words.korean import final_sound, read_tail

DATA = Path(__file__).resolve().parents[2] / "monitor" / "match" / "data"
COMMON = 30_000  # ranks of common nouns that are really in use; beyond come rare and dialect words
NAMES = 15_000  # ranks of proper nouns that were frequent in the corpora; beyond come encyclopaedia titles
FRAMES = ("{}의 모습", "{}에 대한", "그 {}")
HEADER = (
    "# {}\n# Chosen by tests/bench/nouns.py from the morpheme dictionary of Kiwi (kiwipiepy_model {}, Apache-2.0,\n"
    "# Minchul Lee and contributors). One word a line, sorted.\n"
)


def ranked(kiwi: Kiwi, tag: str) -> dict[str, int]:
    """Return the dictionary's words of one tag with their ranks: the dictionary is ordered by frequency."""
    ranks: dict[str, int] = {}
    number = 0
    while True:
        try:
            morpheme = kiwi.morpheme(number)
        except ValueError:
            return ranks
        if morpheme.tag == tag and morpheme.form not in ranks:
            ranks[morpheme.form] = len(ranks)
        number += 1


def is_word(text: str) -> bool:
    """Return whether a dictionary entry is a word of two to seven Hangul syllables."""
    return bool(re.fullmatch("[가-힣]{2,7}", text))


def looks_inflected(word: str, heads: frozenset[str]) -> bool:
    """Return whether a word could be read as a shorter noun with a particle or an ending.

    Bilingual in -하 are left out: 통치하 would hide 통치하였다.
    """
    return word[-1] != "하" and any(
        word[:cut] in heads and read_tail(word[cut:], final_sound(word[cut - 1])) for cut in range(2, len(word))
    )


def is_noun_throughout(kiwi: Kiwi, word: str) -> bool:
    """Ask the analyser: is the word made of nouns and their affixes alone, whatever stands around it?"""
    for frame in FRAMES:
        start = frame.index("{")
        for token in kiwi.tokenize(frame.format(word)):
            if start <= token.start < start + len(word) and token.tag[:2] not in {"NN", "XS", "XP", "XR"}:
                return False
            if token.start < start + len(word) < token.start + token.len:
                return False
    return True


def write(name: str, title: str, words: Iterable[str], version: str) -> None:
    """Write one list."""
    text = HEADER.format(title, version) + "\n".join(sorted(words)) + "\n"
    (DATA / name).write_text(text, encoding="utf-8")


def main() -> None:
    """Make both lists."""
    kiwi = Kiwi()
    version = __import__("kiwipiepy_model").__version__
    common, names = ranked(kiwi, "NNG"), ranked(kiwi, "NNP")
    used = [word for word, rank in common.items() if rank < COMMON and is_word(word)]
    known = [word for word, rank in names.items() if rank < NAMES and is_word(word)]
    heads = frozenset(used) | frozenset(known)
    candidates = [word for word in dict.fromkeys(used + known) if looks_inflected(word, heads)]
    longer = [word for word in candidates if is_noun_throughout(kiwi, word)]
    write("common.txt", "Common nouns of Korean, two to seven syllables.", used, version)
    write("longer.txt", "Nouns that look like a shorter noun with a particle or an ending.", longer, version)
    print(f"{len(used)} common nouns, {len(candidates)} that look inflected, {len(longer)} of them nouns")


if __name__ == "__main__":
    main()
