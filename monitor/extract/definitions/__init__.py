"""How each outlet prints, as data: the definitions that ship and those that an installation adds.

    site       Site: a definition ready for use, with its rules of URLs                       pure
    keys       every key of a definition: what may stand there, what to say otherwise         pure
    parse      a definition as it is written -> its faults, or the Site; families inherited   pure
    catalog    every definition by name, read once from monitor/extract/sites                 acts
    canonical  the address that a page gives for itself: whether it stands for the article    pure
    identity   URL -> the key under which the twins of one article fold                       pure

Guarantees: a definition is checked whole before it is used, and every fault names its place and how to mend it
(DefinitionError, Fault). A key is itself a URL, and the key of a key is the key.
"""
