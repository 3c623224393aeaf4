"""Options of one command -> what it asks of the service -> what it prints, and its exit code. One file per command.

    run         the daemon, or one round of it
    init        the shipped configuration, written to a folder
    check       the configuration: every mistake with its place, as text, JSON or annotations of GitHub
    reload      the running daemon reads its configuration again
    sources     how every source is doing; with `--schedule`, when each is polled, and why
    hits        stored hits, of the newest articles first
    asked_hits  one question about hits: its page, number, timeline, or what comes
    sql         a question in SQL, reading only
    stories     matters that several outlets tell: how each one spread
    handle      what people have made of a hit or a story: kept, ignored, handled
    feedback    whether a hit was what its rule means
    export      hits, articles or stories in bulk, as JSON lines, CSV or Parquet
    deliveries  what was sent, is to be sent, or was kept back
    replay      deliveries are sent again
    routes      who would hear of a rule's hits, through which route, when and why
    silence     hits kept back for a time: asked for, listed, ended
    healthcheck  the running daemon is asked whether it can do its work
    token       tokens of the web server: made, listed, revoked
    channels    how the channels fare; one that is shut is opened
    test_webhook  a marked sample through a channel, and what its receiver answers
    match       rules tried on an article; why they hit, or do not
    explain     why something was told, or not: one address or hit, step by step
    backtest    rules tried on what is stored: hits and messages a day, what is new and what is gone
    add         a site -> ways to watch it -> a file in sources.d
    doctor      is all well? with SOURCE, one source tried live; with --trace, one address
    schema      the JSON Schema of a webhook body
    db          the database brought to this program's schema

All act, through the one App of `service`, which `opening` opens: its files are imported late, so that `--help` stays quick.
What turns a record into lines or cells is a pure function, public for its test. `app.COMMANDS` names them all, and imports
the file of the one that is asked for.
"""
