"""Files -> Plan and Settings, or every line that is wrong.

    load         the whole way: folder -> Loaded, or the problems in order: start here                    reads files
    files        the folder, and the files of secrets                                                     reads files
    named_file   the bytes of a file that a setting names                                                 reads files
    documents    YAML text -> values with their places                                                    pure
    lookalikes   signs that look like YAML's own: a full-width colon, blanks that are none                  pure
    encoding     in which encoding a file was saved that is not UTF-8                                      pure
    mends        what was probably meant by a value that is refused                                        pure
    places       where each value stands, so that a fault found in any room is shown at its line          pure
    interpolate  environment variables inside values                                                      pure
    sections     the documents of one section -> its items, each checked, no id twice                     reads secrets
    parts        the keys of each file, their types and defaults                                          pure
    values       the types of values: text -> meaning, or a fault with a stable code                      pure
    quantities   durations, sizes and addresses as people write them                                      pure
    ways_out     proxies, and the certificates that a file holds                                          reads files
    web_access   who may ask the daemon's web server, from which addresses                                reads files
    validation   what pydantic complains of -> problems at lines, in words for people                     pure
    trees        a rule's `match` written as keys -> JSON text                                            pure
    shapes       what an item may hold: the keys of all, and those of its kind                            pure
    assembly     checked parts -> Plan, and what only shows when the files are seen together              pure
    policies     what a channel says of when and how it is told -> its NotifyPolicy                         pure
    item_edit    a text with one item added, changed or taken out; every other byte stays                  pure
    counts       what a rule says of what it counts -> its CountRule, and what in that cannot be meant   pure
    effective    what monitor.yaml comes to: each value as it holds, and where it was said               pure
    redaction    lines of files as they may be shown, without their secrets                              pure
    settings     how this installation runs, apart from what it watches                                   pure

Guarantees: all faults at once, each with file, line, column, a stable code and a hint; no message quotes a value that may
be a secret; a YAML file of any shape ends in values or problems, within bounds.
"""
