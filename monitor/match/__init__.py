"""Article x rules -> Hits: the query language, Korean word boundaries, one automaton for all rules. Pure.

    syntax      the tree of an expression: Term, Near, And …; its text form
    lexer       text -> tokens
    parser      tokens -> tree, or the place of the first fault and how to mend it
    tree_form   the same tree from the keys of a YAML mapping
    compiler    tree -> checks, and the words one of which must occur where the rule holds
    evaluate    the checks: TermCheck, NearCheck, AndCheck …, held against one scanned article
    regex       expressions of users, run by RE2 in linear time

    normalise   text -> the form that is searched, and the way back to the original places
    variants    the spellings of a term that differ in blanks and hyphens
    scan        all spellings of all rules in one pass over an article; keeps the occurrences that are mentions
    boundary    is this occurrence a mention? mode by mode, with the reason
    korean      what stands behind a noun: particle, copula, suffix, or none of these
    grammar     the tables of particles, endings and suffixes
    lexicon     known nouns, and which longer ones begin with a shorter one
    kiwi        the optional analyser, asked about the few places that grammar leaves open (loads a model)

    ruleset     all rules, compiled: RuleSet.match is what the pipeline calls
    excerpt     a short piece of the article around what was found
    explain     why a rule does not match an article
    lint        what is allowed in a rule and probably not meant
    rule_check  every fault of all rules, before any is used

Guarantees: the same article and rules give the same hits in the same order; a mention's place is an offset in the original
text; time is linear in the text whatever a rule or a page says (matches of NEAR and of expressions are bounded). Equal
`RuleSet.version` means equal meaning.
"""
