"""The pages of the desk: what people look at in the morning. Each is a plain address that shows all of itself.

    routers   which pages there are                                                              pure
    viewer    who looks, and how they want it: language, colours, name, the visit before         pure
    render    templates filled in; the policy of what a page may load                            acts
    texts     what the pages say, in Korean and English                                          acts
    times     moments as pages show them                                                         pure
    assets    /assets: the style sheet and the scripts, named after what is in them              acts
    faults    errors as pages, where a program gets problem+json                                 acts
    now       /now: how the line is at this moment                                               asks the service
    today     /: what needs a person, what is new, what is held                                  asks the service
    start     /start: the first steps of a new installation                                      asks the service
    drawings  numbers -> places of marks                                                         pure
    hits      /hits: a line for each story; /hits/N: one hit with its text                       asks the service
    opened    one hit with all that is known of it                                               asks the service
    stories   /stories: what many tell; /stories/ID: who was first, how it spread                asks the service
    story_spread  a story drawn: outlets over time, what was told                             pure
    timeline  /timeline: how often each rule is met                                              asks the service
    rule_list  rules a page at a time, and those that somebody looks for                         pure
    rules     /rules: what is looked for, and how much is found; /settings/history: who changed it  asks the service
    rule      /rules/ID, /rules/new: a rule in a form, what its change would find, and its writing  asks the service
    snapshot  a list as it was when it was first asked for                                      asks the service
    spreadsheet  /hits.csv: the hits of a list for Excel                                         asks the service
    handle    /handling: stories seen to, kept, set aside, and taken back                        asks the service
    settings  /settings: whether all is well, what the files say, tokens; /settings/silences     asks the service
    sources  /sources: which need a look, how each is doing; /sources/ID: all of one        asks the service
    channels  /channels: how each fares, what waits; a sample is sent, one is opened       asks the service
    deliveries  /deliveries: what became of each message; /deliveries/ID; sent again    asks the service
    new_source  /sources/new: how a site can be watched; the one that is chosen is written  asks the service
    in_force  what was written to the files is put in force                                acts
    choices   /settings/view: what a viewer chooses for themselves                               acts

Guarantees: no SQL and no policy; every page works without a script, as a link or a form that leads to a whole page. With one, htmx
fetches the same page and morphs what differs, so that focus and place stay: there are no fragments to keep in step. All that
strangers wrote is escaped; a page loads its own style sheet and scripts and nothing else.
"""
