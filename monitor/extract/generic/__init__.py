"""The body of a page nobody has described: independent readers vote, and their agreement is the confidence.

    outline       the page -> its blocks of text and the boxes that hold them, in one walk            pure
    naming        class and id of an element -> body, furniture, caption or nothing                   pure
    prose         is a line running text, a credit, a stock phrase?                                   pure
    survey        the outline weighed: how much text and how much clutter each box holds              pure
    others        other articles that stand whole beside the page's own                               pure
    candidates    the box that each reader names, and the one that most of them would have taken      pure
    overlooked    text that was passed over for its name, where nothing better was found              pure
    standfirst    the lines between headline and text                                               pure
    generic_body  the chosen box -> lines, captions and confidence                                    pure

Guarantees: a page without running text gives an empty Body of confidence 0, never an error; time is linear in the
length of the page. Nothing here knows an outlet.
"""
