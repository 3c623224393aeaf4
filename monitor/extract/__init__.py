"""Page -> Entries, Page -> Article: what a list, a feed or an article page says, whoever printed it.

    reader        a fetched page and its source -> entries, further sitemaps, or an article           pure
    registry      the kinds of source that there are, by the names of their files                     pure
    kinds/        one file for each kind of source: its keys, what it asks for, how it is read        pure
    kind          what a kind of source is                                                            pure
    sandbox/      the same with suspicious pages read in a process that can be killed                 acts
    page/         HTML: lists, article pages, what a site advertises                                  pure
    feeds/        RSS, Atom, JSON Feed, sitemaps, search results                                      pure
    generic/      the body of a page nobody has described                                             pure
    definitions/  how each outlet prints: definitions of sites, and the identity of an article        reads files once
    text/         what all of them read with: markup, dates, names, URLs, scripts; and the limits     pure
    sites/        the definitions that ship, as YAML; an installation adds its own in sites.d

Floors, top imports down: sandbox > reader > registry > kinds > kind | page | feeds > generic | definitions > text;
pyproject.toml holds them.

Guarantees: a page gives what it says or raises an ExtractError that names it; an article notes in `field_sources`
where each field came from. Reading takes time linear in the length of the page: what could cost more is refused
(text.limits) and left to the sandbox. Nothing is executed, no link followed, no entity of a document resolved.
"""
