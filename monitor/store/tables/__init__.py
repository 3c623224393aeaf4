"""The tables by name. Their SQL is in migrations/, and tests hold the two together.

schema        every table, its columns, keys and indexes
views         the SQL views, column by column: the stable contract
rows          values to rows and back, what no database can keep replaced     pure
near_members  which stories an article may belong to, asked by both halves
plan_summary  what is remembered of the plan in force, and read again         pure
kept_text     what is kept of an article whose source leaves no more than a link     pure
acts          the acts of one story, asked by both halves
handling_rows  what was said last of hits and stories, asked by both halves
hit_numbers   hits behind a moment, by their numbers                          pure
counted_moments  when what a rule over counts counts came, asked by both halves
access_rows   tokens and sessions by their digests
facets        what hits are filtered by, as words of the text index             pure
fulltext      the text index: its words, its insert and its query
"""
