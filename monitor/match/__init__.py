"""Article x rules -> Matches of each rule: the query language, Korean word boundaries, one automaton for all rules. Pure.

    query/      the query language: text or tree of keys -> the tree of an expression                   pure
    words/      where the words of rules stand in a text, and whether a place is a mention              pure
    compiler    tree -> checks, and the words one of which must occur where the rule holds              pure
    evaluate    the checks: TermCheck, NearCheck, AndCheck …, held against one scanned article          pure
    regex       expressions of users, run by RE2 in linear time                                         pure
    ruleset     all rules, compiled: RuleSet.match is what the pipeline calls                           pure
    excerpt     a short piece of the article around what was found                                      pure
    brought     a stored article held against rules, as each of its sources brought it                 pure
    explain     why a rule does not match an article                                                    pure
    lint        what is allowed in a rule and probably not meant                                        pure
    literal     texts in lists that look like an expression, and are none                               pure
    exclusions  what a rule could refuse so that it does not meet some articles                   pure
    witness     articles made of a rule's own words: can any meet it?                                       pure
    rule_check  every fault of all rules, before any is used                                            pure

Guarantees: the same article and rules give the same hits in the same order; a mention's place is an offset in the original
text; time is linear in the text whatever a rule or a page says (matches of NEAR and of expressions are bounded). Equal
`RuleSet.version` means equal meaning.
"""
