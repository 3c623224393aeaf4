"""One file for each kind of source: its keys, what it asks for, how its lists are read, where one may be found. Pure.

A file offers KIND (monitor.extract.kind.SourceKind), and its name is the kind's; nothing else knows it, not even a line
here. Kinds are strangers. What parses is imported when a list is read: the configuration asks every kind for its keys,
also where no page is read.
"""
