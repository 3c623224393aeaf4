"""Records, times and texts by strangers -> what a terminal, a spreadsheet or a program may be given.

    sanitize   JSON that may be printed: Korean left readable, harm escaped                         pure
    snippet    a fault's line between its neighbours, with a caret under it                         pure
    output     one set of records -> table, JSON, JSON lines or CSV on standard output              acts
    page       what became of an address, step by step, as `monitor explain` writes it              pure
    hit_rows   hits as columns, as a table, and as lines for those who watch them come              acts
    timeline_rows  how many hits came when, with bars                                               acts
    bulk       rows by the hundred thousand -> JSON lines, CSV, Parquet                             acts
    versions   the versions of an article, as `monitor hits --history` writes them                  acts
    progress   how far a long question is, and a way to stop it                                     acts
    tables     tables and styled words of rich; imported only when something is drawn               acts

Guarantee: this room writes nothing that came from outside but through `sanitize` and `to_json`. It knows no command and no service.
"""
