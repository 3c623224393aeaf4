"""RSS, RDF, Atom, JSON Feed, sitemaps and search results -> entries.

    feed       any feed -> entries: the strict reader first, then the lenient ones             pure
    apart      items that point to one page, or nowhere, told apart by their own ids           pure
    items      the items of a well-formed XML feed, whatever its dialect                       pure
    json_feed  JSON Feed, and the Naver search's responses, -> entries                         pure
    sitemap    a sitemap -> entries, or the maps that an index names                           pure
    repair     feed text -> what the publisher meant to write: charset, entities, local times  pure
    opml       subscriptions of a feed reader -> feeds, and back                               pure
    scanning   one pass of expat, names told by what their namespace means                     pure

Guarantees: the order is the document's own (a sitemap's: newest first), each identity stands once, counts are
bounded, titles and summaries are plain text, times are UTC. No entity declaration is read and no HTML parser sees a
feed. A feed without items, a search without results and a sitemap without news are ().
"""
