"""Who reads a page: this process, or, where it could hold a parser up, one that can be killed.

    parsers  InlineParser refuses suspicious documents; GuardedParser hands them to a worker   acts
    worker   the process itself: frames on its standard input and output                       acts

Guarantees: a document costs no more than its Allowance of seconds and bytes; one that costs more raises ExtractError,
and the next one meets a fresh worker. The worker sees no secret of the environment, its replies can build nothing but
plain values and articles, and it ends when this process does.
"""
