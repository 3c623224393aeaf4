"""Transactions: each method is one, and runs on the writer of `db.database`.

    source_store   when a source is polled, what its lists showed, which entries are still to be read
    list_entries   what a list showed, against what the source has shown before: new entries, changed ones
    article_store  an article with its story, hits and messages: the transaction that must not lose or double a hit
    follow_up_store  articles that somebody was told of: when they are looked at again, what became of them
    told_hits      who was told of an article's hits, and what they are told of what became of it
    stories        which story an article joins, inside that transaction
    escalations    what each rule has told each channel of a story, and what is new since
    health_store   what is remembered of a source's health, the alarms that are up, the messages about them
    history        what was told before, as a decision may ask it inside those transactions
    messages       notifications, and the messages made of them: a seq without gaps, a body that is frozen
    notification_store  groups of held notifications that are due, and the message that one becomes
    silence_store  silences: asked for, and ended before their time
    handling_store  what people say of hits and stories: each word a row, the last one holds
    feedback_store  whether hits were meant, as people say: each word a row, the last one holds
    count_store    when the stories and articles that met a rule came, for rules over counts
    count_alerts   what is under way at such a rule, and what is told of it: decided and stored at once
    repeat_store   alerts that nobody has acknowledged, sent again: decided and stored at once
    access_store   tokens and sessions, by their digests
    watch_store    in which five minutes the sources were polled
    outbox         deliveries: due, leased, completed, replayed
    refresh_store  messages that a receiver can edit: due when their story has grown, claimed, shown, given up
    channel_gate   a channel that opens: what waited or was refused is due
    line_store     how the line is doing, and what is told of it: decided and stored at once
    identity       ids that sort in the order in which they were made
    plan_sync      what the plan says, carried over into the rows of sources, channels and rules
    rule_store     how far each rule was held against the stored articles, also one that left the plan
    rights       articles of sources that leave no more than a link by now, cut to what may stay
    maintenance    chores: statistics, signatures that no story needs, articles that no rule has met

All of it acts. Functions that are handed in (`decide`, `compose`, `judge`, `choose`, `learn`) run inside the transaction, perhaps
more than once, and must only compute.
"""
