"""HTTP requests -> questions to the service -> answers: the daemon's own web server, inside its loop.

    app       the application: which routes there are, and what stands around them                        pure
    server    uvicorn on the daemon's loop: the socket, its limits, its end                               acts
    probes    /livez, /readyz, /metrics: does the daemon do its work?                                               asks the service
    api/      /api/v1: one file for each resource                                                  asks the service
    methods   HEAD and OPTIONS of the API                                                         acts
    permission  who may call a route: one line beside it                                               asks the service
    filters   which hits are meant: the query parameters of every list, stream and feed of hits            pure
    stream    /api/v1/hits/stream: hits as they come, as events                                         asks the service
    feeds     /feeds/hits.atom, .rss, .json: hits for feed readers                                      asks the service
    conditional  has the asker the present answer already? (RFC 9110)                                  pure
    pages/    what people look at: one file for each page                                       asks the service
    emptied   fields of a form that were sent empty                                                pure
    redirects  where a form may lead: a path of this server                                        pure
    login     /login, /logout: a form without a script                                                 asks the service
    guard     what no route must see: foreign hosts, foreign pages that change things, bodies without end  acts
    asker      who asks, by which name and scheme: what a trusted proxy says of it                         pure
    problems  every error as problem+json (RFC 9457); one of ours gets a number that the log has          acts

Guarantees: no SQL and no policy here; a question is answered in bounded time by threads of its own; every answer carries the
headers that keep a browser from being used against it. Nothing else imports FastAPI: a command does not pay for it.
"""
