"""/api/v1: what is stored, and what is done about it, as JSON for programs. One file for each resource.

    routers       which resources there are, and what all of their routes share                    pure
    admission     who may call a route, how often, and with which parameters                      asks the service
    answers       a list or an object -> its answer: ETag, 304, Link                              asks the service
    contract      the description of the whole (OpenAPI 3.1)                                       pure
    models        what an answer looks like: hits, articles, stories                              pure
    record_models  what a record looks like that is shown with all of its fields                   pure
    hits          /hits, /hits/{id}, /hits/timeline                                               asks the service
    articles      /articles/{id}                                                                  asks the service
    notifications  /notifications                                                                 asks the service
    stories       /stories, /stories/{id}                                                         asks the service
    handling      /hits/{id}/handling, /stories/{id}/handling                                     asks the service
    feedback      /hits/{id}/feedback, /hits/{id}/suggestions                                     asks the service
    deliveries    /deliveries, /deliveries/replay                                                 asks the service
    rules         /rules                                                                          asks the service
    channels      /channels, opened and tried                                                     asks the service
    silences      /silences                                                                       asks the service
    explain       /explain                                                                        asks the service
    backtests     /backtest                                                                       asks the service
    health        /health                                                                         asks the service
    administration  /reload                                                                       asks the service
    sources       /sources, /sources/{id}/fetch                                                                        asks the service

Guarantees: every object is what `present` makes of it, the same that a command prints; a list has an ETag and is answered with 304
while nothing new is stored; a parameter that is not known is refused; errors are problem+json.
"""
