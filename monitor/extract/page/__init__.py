"""HTML: article pages, list pages, and what a site advertises.

    article_page  a page -> Article, each field by the first way that gives one      pure
    listed        what a list said of an article, held against what its page says    pure
    onward        where a page sends its reader: elsewhere, or to its next page      pure
    body          its body: as the definition says, else the best on the page        pure
    metadata      its title, times, authors, section, language, canonical URL        pure
    shown_dates   the times that a page shows with its headline                      pure
    tails         what stands below the last sentence: signatures, notices           pure
    afterwords    what a paper says behind it to readers, of itself or its writer    pure
    listing       a list or any polled page -> entries, by the shape of their links  pure
    site_links    the feeds, sitemaps and lists that a site offers                   pure
    parsed_page   one parsed page, with all that its readers need to know            pure
    head          meta tags, JSON-LD, canonical link                                 pure
    embedded      the article that a page holds for its own scripts                  pure
    blocks        an element -> lines of text, captions apart                        pure

Guarantees: a page is held against the limits before it is parsed, and parsed once. What a definition says comes
first, what the list said of the article last; between them JSON-LD, meta tags, the page's own data and the generic
reader (for the body the generic reader first, unless the others have much more). A page without an article raises
ExtractError and is never stored as one.
"""
