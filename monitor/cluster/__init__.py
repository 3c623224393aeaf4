"""Article x recent articles -> Story: which articles tell the same matter. Pure.

    terms      a report as terms: bigrams of Hangul, Latin words, numbers
    rarity     how much a term tells: a frozen table of inverse document frequencies (data/)
    signature  an article as a few hundred bytes that can be held against another's
    headline   the matter of a headline, equal for copies of one report
    choice     which story an article joins, if any: start here

Guarantees: a lost alert is worse than a repeated one, so doubt opens a new story; the choice depends on the article and the
members of the stories alone: nothing is learned while the program runs.
"""
