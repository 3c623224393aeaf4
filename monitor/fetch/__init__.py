"""URL -> Page, with manners.

    fetcher    a page or list: robots, turn, conditional request, text; implements monitor.pipeline.ports.Fetcher    acts
    visits     GET hop by hop, each hop in the turn of its own host                                                  acts
    pace       one request at a time per host, a pause between, none while a host asks to be left alone              acts
    robots     robots.txt: rules read (RFC 9309), and kept for a while                                               acts
    trust      whether a server's validators may be believed                                                         pure
    charset    bytes -> text, as Korean pages really are                                                             pure
    readable   whether a body is text that can be read, whatever it is called                                         pure
    packed     documents that are gzip files themselves                                                              pure

Guarantees: nothing is fetched that robots.txt disallows, except an interface whose owner gave us a key; no host is asked
twice at a time, however many sources share it; a failure is a FetchError with a reason. Addresses, caps and deadlines are
held below, by monitor.net.
"""
