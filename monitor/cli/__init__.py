"""Words on a command line -> a question to the service or an act of it -> text on standard output and an exit code.

    app         the root: which commands there are, in the order of `--help`; `main`                acts
    commands/   one file per command: its options, what it asks of the service, what it shows       acts
    text/       what is shown: sanitized, highlighted, as a table, JSON or CSV                      mostly pure
    opening     the App, opened for one command; the warning that its files are wrong               acts
    options     options that several commands share; the error for a name that does not exist       pure
    exit_codes  the product's own errors -> one plain line and a code; a closed pipe is no error    acts
    process     the environment and the clock, read here alone                                      acts

Guarantees: `--help` imports typer and no other heavy library, because a command imports the service when it runs. Text
by strangers reaches a terminal sanitized. Any error but a bug ends in a line on standard error, never in a traceback.
A command opens the App, asks and writes. What commands share lies in `opening`, `options` and `text`.
"""
