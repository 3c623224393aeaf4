"""What happens to a page, in order: the one room that knows it. Start reading at `steps`.

    steps          a task in, the tasks that follow out; and what is due                               acts
    poll           a source: its lists, then each new article in a transaction of its own              acts
    lists          one list or feed -> its entries, through the maps of an index, what is new stored   acts
    page_reader    an entry's address -> its article, through the pages that send on or continue it     acts
    articles       an entry -> the article behind it, its hits, what is written                        acts
    outcome        how each list and article of a poll went, and what they come to together            pure
    finish         the end of a poll: the next one arranged, the source given back, its health judged  acts
    lease          a source held for as long as it is polled                                           acts
    unwritten      what could not be given back is, at the next good write                             acts
    pacing         when a source is polled next, where the memory of all of them decides               acts
    health_report  what a poll showed of its source -> judged, stored, told                            acts
    deliver        one try at one message, then the channel's next                                     acts
    attempt        what one try means for its message and for its channel                              pure
    flush          what was held for a channel becomes a message                                       acts
    evaluate       what a rule over counts counts, judged, and told once                              acts
    count_history  what such a rule has counted so far, kept for an hour in the process               acts
    new_words      the words that stood beside what it watches, for thirty days                       acts
    watch_notes    in which five minutes the sources were polled, noted                               acts
    follow_up      an article that was told, looked at again: stored, told, or left for later          acts
    refresh        a message that was sent shows its story as it is now, where it can be edited        acts
    gone           was it removed, as far as one look shows                                            pure
    rematch        rules that are new, changed or back against the stored articles, in one walk          acts
    maintain       chores of the database                                                              acts
    line_checks    does the database take writes, has the disk room, do messages go out in time          acts
    heartbeat      the operator's word that all is running, once for each of its moments               acts
    repeats        an alert sent again until somebody acknowledges it                                 acts
    digests        a digest with nothing in it, once for each of its moments                          acts
    watchdog       an outside address is got while all is well, and only then                          acts
    ports          what these files ask of parts that are exchanged: fetcher, parser, sender, clock    Protocols

Guarantees: what is due can always be found again in the store, so a lost task or a killed process loses nothing; an
article that breaks its reader is put off and never silences its source; nothing is sent inside a transaction.
"""
