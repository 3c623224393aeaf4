"""The words: frozen, slotted values that every room shares. Pure; no I/O, and nothing of any library.

    plan         what is watched: sources, rules, channels, and how often
    policy       when and in how many messages a channel is told
    calendar     the moments of crontab expressions, and the days of rest of countries
    kind         what a kind of source or channel tells the configuration of itself
    task         what an engine carries: ids and little more
    page         what came back over HTTP, and what to ask with next time
    article      an entry as a list shows it, and the article behind it
    hit          the mentions that prove that an article meets a rule, or what kept it from that
    story        articles that tell the same matter
    story_records  questions about stories, and what is shown of one
    story_reach  which articles are worth comparing when a story is chosen, and how many
    handling     what people have made of a hit or a story
    feedback     whether a hit was what its rule means, as people say
    precision    how many hits of a rule were meant, and how sure that is
    suggestion   what a rule could refuse, so that hits that were not meant are found no more
    escalation   a story that is told again, and why
    notification  whom a hit or event concerns, and what that decision is made from
    repeat       an alert that nobody has acknowledged, when it is decided whether to send it again
    follow       an article that was told, looked at again: what is told of what became of it
    headline     the flags in a headline that mark a stage of one report
    delivery     the message that tells it, and what became of each try
    health       what a poll showed of its source, the alarms that follow, and what is said about them
    latency      how long news was on its way, and what most of it stays under
    operator     what the operator is told of the line itself
    line         how the line itself is doing, and what was told of it last
    rhythm       how often a source publishes, as far as its lists have shown
    counting     what is counted of a rule hour by hour, and what is usual of it
    count_notice  what is told of a count: numbers, the series behind them, new terms
    access       who may do what on the web server: scopes, tokens, sessions
    records      questions to the store, and the rows that answer them
    sql_answer   a question that somebody wrote in SQL, and the rows that answer it
    backtest     what a rule would have found and told over the stored articles
    paging       where the next page begins: an opaque word, and back
    bulk         hits and articles by the hundred thousand
    trial        what came of trying a source, or a site, without storing anything
    explained    what became of one address, step by step
    event        what happened, for the log and the figures
    letter       an e-mail on its way: the server that takes it, the envelope, the exact bytes
    proxy        a proxy that stands between this process and the servers it asks
    normalise    text -> the form in which words are compared and looked for, and the way back to the original places
    confidential  the values that are shown nowhere: what came from a variable or a file of secrets
    fingerprint  when a source, a channel or a rule counts as another one than before
    names        a name that does not exist: which one was meant perhaps
    errors       every error that is raised on purpose, drawn as a tree

Guarantee: times are UTC and aware, texts are plain, and what is confidential is left out of repr.
"""
