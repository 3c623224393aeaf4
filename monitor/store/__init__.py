"""The only room with SQL: what the program remembers, in SQLite or PostgreSQL.

    write/   the transactions: sources, articles with their hits and messages, health, the outbox, chores     acts
    read/    what commands ask of a database that a daemon may be writing to                                  acts
    tables/  the tables and views by name, rows to values and back, the text index
    db/      engines, one writer with group commit, what the two dialects share, migrations                   acts

`write` and `read` are strangers, `tables` stands below them, `db` at the bottom; an import contract holds it.

Guarantees: a hit, its story and its messages are written in one transaction, or nothing is. Nobody is told of a result
before the COMMIT. Every method raises StoreError, and nothing of the library's. The same calls give the same results on
both databases (tests/contracts).
"""
