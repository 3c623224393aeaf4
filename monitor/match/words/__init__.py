"""Where the words of rules stand in a text, and whether a place is a mention. Pure, but for kiwi, which loads a model.

    variants   the spellings of a term that differ in blanks and hyphens
    scan       all spellings of all rules in one pass over an article; keeps the occurrences that are mentions
    boundary   is this occurrence a mention? mode by mode, with the reason
    context    what the words around a place say, where its ending means two things
    korean     what stands behind a noun: particle, copula, suffix, or none of these
    grammar    the tables of particles, endings and suffixes
    names      words of a text that may be nouns, whatever their endings
    lexicon    known nouns, and which longer ones begin with a shorter one
    kiwi       the optional analyser, asked about the few places that grammar leaves open

Guarantee: a place is an offset in the original text, whatever normalising did to it.
"""
