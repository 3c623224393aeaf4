"""The database underneath: how it is opened, written and brought up to date.

database  one writer thread with group commit, a few readers                       acts
batch     many jobs in one transaction; when one fails, each in its own            acts
engines   SQLAlchemy engines: durable, patient, one writer at a time               acts
sessions  which daemons have connections to one PostgreSQL database                 acts
dialects  what means the same on SQLite and PostgreSQL: moments, JSON, many, locks  pure
inserts   an insert that may meet a row, on both; imports both dialects            pure
time_limit  how long the statements of a transaction may work                       acts
migrate   the schema, brought up to date by Alembic                                acts
backup    a copy before the schema changes, or wherever somebody asks for one        acts
"""
