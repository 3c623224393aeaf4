"""One shape everywhere: what is stored, as the JSON that webhooks, commands and pages show.

    shapes   hit, article, mention, rule, story -> the objects of the webhook body     pure
    hit_lines  a hit in bulk as a line of JSON                                         pure
    versions  what an article said -> its versions, each with its difference           pure
    stories  a story -> its acts, its outlets and how far behind each was             pure
    explained  why something was told, or not -> one object                            pure
    rules    a rule in force, and how much it found                                     pure
    suggestions  what a rule could refuse, and the line to write                          pure
    timelines  a count of hits in a piece of time                                       pure
    backtests  what a rule would have found and told                                   pure
    feeds    hits -> Atom, RSS, JSON Feed                                               pure
    inert    texts from strangers, written so that nothing obeys them                   pure
    records  a record -> its fields under their names                                  pure
    moments  a moment -> RFC 3339 text, and text for people in their zone              pure
    timefmt  a moment <-> how people write it: "2h", "어제 09:00"                         pure
    plot     counts -> one line of bars and numbers                                     pure
    marked   where found words stand in a text that is shown, and the text cut at them   pure
    annotated  the text of an article with what was found and refused marked             pure
    story_rows  hits -> lines of a list, one for each story                              pure
    source_rows  how sources are doing, which are shown in which order, their hours       pure
    hit_columns  a hit as a row of columns                                               pure
    spreadsheet  values for a spreadsheet: none is taken for a formula                    pure
    causes   what a failure says to people, each cause once                            pure

Guarantee: a key means the same wherever it stands, and times are UTC with milliseconds.
"""
