"""The only room that knows every concrete part: one App to ask and to command, and the daemon that holds it.

    app            the App: an installation, and each group of `commands` under its name        acts
    installation   what is opened once: folder, files, plan, the database as it is read         acts
    commands/      what an installation can be told, and asked beyond its database              acts
    hit_ticker     hits as they come, for all who listen at once                                acts
    queries        what people and programs ask of a database, whoever carries the question     asks
    wiring         every part of a running daemon by its name, put together                     acts
    daemon         its life: start, signals, drain, stop                                        acts
    current_plan   what the files say -> a plan that is known to work, its rules compiled; the plan in force acts
    configuration  the configuration, read with every kind of source and channel                reads files
    reachable      private addresses in the files that the guard of the network will refuse    pure
    audience       who would hear of a rule's hits (`monitor routes`)                        pure
    unheard        rules nobody hears of, channels and routes that nothing leads to, at their lines  pure
    count_outlook  what rules over counts would have told of what is stored (`monitor check`)  reads the database
    plan_change    what a changed plan takes away, and whether that was said twice              reads and writes a mark
    untold         stored articles that a new rule matches and nobody will be told of  reads the database
    plan_reload    a changed plan becomes the plan in force, or the last good one stays         acts
    handling       a hit or story is kept, ignored, handled, or new again (`monitor handle`)      acts
    feedback       somebody says whether a hit was meant (`monitor feedback`)                  acts
    feedback_suggestions  what the rule of a hit that was not meant could refuse, and what it would cost  acts
    channel_opening  channels that a receiver had shut and that are open again                  acts
    sample_sending  a marked sample through a channel's own line (`monitor test-webhook`)       acts
    receiver_advice  what to do about a receiver that did not take a message              pure
    ask_reload     a running daemon is asked to reload, and waited for (`monitor reload`)       acts
    clients        HTTP clients as the settings want them, and the polite visitor of pages      acts
    lock           one process for each data folder and each database file, and its heartbeat   acts
    sharing        several daemons on one database: who they are, in words             pure
    backups        the copy of the database before its schema changes, and one on demand       acts
    signals        SIGTERM and SIGINT end the program, SIGHUP reloads its plan                  acts
    collector      the garbage collector need not walk what a start made                   acts
    clock          the one clock of a running app                                               acts
    clock_watch    whether the wall clock was set, by one that cannot be                        pure
    asked_once     a question that many ask at the same time, asked once                       acts
    needs          what needs a person, one entry for each cause                                pure
    shown_files    the configuration files as people are shown them, secrets starred out        acts
    line_watch     how the line is just now, asked once for all who look                        acts
    log_limit      what repeats in the log is thinned, so that it stays bounded                 pure
    line_chores    the chores by which the line looks after itself, and how often each comes    acts
    watchdog_file  what became of the last ping of the outside watchdog, kept for `doctor`      acts
    serving        the web server beside the engine: started, tried again, stopped in the drain  acts
    web_file       where the web server is reached, or why not, kept for `doctor` and `healthcheck`  acts
    reading        questions in bounded time, by threads of their own                           acts
    access         who asks the web server, and what they may do: passwords, sessions, tokens    acts
    tokens         tokens of the API: made, listed, revoked (`monitor token`)                   acts
    login_throttle  how often a password may be tried                                           pure
    desk_actions   what the web has the daemon do at once                                       acts
    silencing      a silence as it is asked for -> one that can be stored                       pure
    rate_limit     how often somebody may ask the API                                           pure
    metrics        figures for Prometheus: an Observer that counts (/metrics)                   acts
    desk           what the web server asks, put together                                       acts
    progress       does the daemon turn? (/livez, the watchdog of systemd)                      asks the parts
    service_manager  what systemd is told                                                       acts
    healthcheck    the running daemon is asked whether it is ready (`monitor healthcheck`)      acts
    readiness      does the daemon do its work, and can it? (/livez, /readyz)                   acts
    telemetry      what happened -> log lines                                                   acts
    summary        what many events come to, said once                                          pure
    diagnosis      is all well? what is not, and what to do (`monitor doctor`)                  acts
    overdue        which sources were due and are not polled, and what only the plan knows of them  pure
    failing_alike  which sources fail of one cause                                              pure
    try_source     a source tried live, nothing stored (`monitor doctor SOURCE`)                acts
    first_steps    what is still to be done on a new installation                              pure
    first_files    the shipped configuration, written to a folder (`monitor init`)             acts
    subscriptions  feeds from a feed reader and to one, as OPML                                reads files
    discovery      how can a site be watched? (`monitor add`)                                   acts
    named          which names of a question the plan does not have                             pure
    hit_filters    what of a question about hits the plan knows, and days of a zone             pure
    poll_schedule  when every source is polled, and why (`monitor sources --schedule`)          pure
    brought_up     what the articles of a story brought up that none before them did           pure
    story_outlook  when the rules of a story tell of it again                               pure
    explain        why something was told, or not, from what is stored (`monitor explain`)       acts
    explainer      the same, and an address that nobody listed tried just now                  acts
    live_walk      one address through the line, each step timed (`monitor doctor --trace`)     acts
    explain_reasons  what became of an address in one word, and why                           pure
    backtest       what rules would have found and told over the stored articles (`monitor backtest`)  reads the database
    backtest_counts  what a rule over counts would have told of the stored hits       reads the database
    backtest_walk  rules held against the stored articles one after the other         reads the database
    rule_draft     a rule as it is typed into a form -> what changes in its file               pure
    rule_details   what a rule says beside the fields of its form, and its lines in the file    pure
    rule_edits     rules changed where they stand: checked, shown, written                     acts
    rule_merge     a rule that two people change at the same time, field by field              pure
    file_write     a file written as a whole, by one at a time, over what its writer has read   acts
    config_watch   whether the files are what is in force, read anew only where one has changed  reads files
    config_history  what was changed from the pages, when and by whom                           acts
    rule_trial     rules tried on an article that a person names (`monitor match`)              acts

Guarantees: a daemon that is told to stop ends within 20 seconds, and one that is killed loses nothing. The files are read
when the App is opened, by a reload, and after a command has changed one. What only asks the database is answered while they are
wrong, by the plan in force, as long as they say which database that is.
"""
