"""Article x recent articles -> Story: which articles tell the same matter. Pure.

    terms      a report as terms: bigrams of Hangul, Latin words, numbers
    rarity     how much a term tells: a frozen table of inverse document frequencies (data/)
    acts       which acts a report names: filed, passed, arrested, sentenced
    days       which days of the month it names
    lead       how a report opens, where its news stands
    signature  an article as a few hundred bytes that can be held against another's
    headline   the matter of a headline, equal for copies of one report
    newness    whether a report is news to a story that it is like: its next act
    developments  which headlines of a story bring up something new
    gathering  articles gathered into stories in memory, for what is tried over the past
    choice     which story an article joins, if any: start here

Guarantees: a lost alert is worse than a repeated one, so doubt opens a new story; the choice depends on the article and the
members of the stories alone: nothing is learned while the program runs.
"""
