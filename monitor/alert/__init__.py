"""Hit x Story -> Notification -> Delivery: whom to tell, in which words, and one attempt at telling.

    policy     rule x plan -> one Notification per channel, sent or suppressed with the reason          pure
    render     MessageContext -> the exact bytes of a message, frozen in the outbox                       pure
    signing    id, moment, body, secrets -> Standard Webhooks headers                            pure
    answers    status or failure -> Verdict, Retry-After -> seconds, receiver's words -> detail  pure
    plain      hostile text -> text that shows what it says                                      pure
    channels/  one module per kind of receiver: compose a request, judge the response              pure
    poster     what this room asks of an HTTP client                                             Protocol
    sender     one attempt: compose, post, judge                                                 acts

Guarantee: at least once. The id of a message (`webhook-id`) stays the same over all attempts, so a receiver that
remembers ids sees each message once. `hit.created.schema.json` in this package is the contract of the body.
"""
