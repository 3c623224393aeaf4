"""Hit x Story -> body, Delivery -> Outcome: in which words, and one try at sending them.

    render     MessageContext -> the exact bytes of a message about a hit, frozen in the outbox            pure
    notice     the same for a message about a source: broken, recovered                                    pure
    compose    MessageDraft -> the exact bytes: one of those, or a digest of several                       pure
    card       frozen body -> what a person is shown of it                                                 pure
    chat       what the chat services have in common: card -> JSON, response -> Outcome                    pure
    kinds/     one file for each kind of receiver: compose a request, judge the response                   pure
    signing    id, moment, body, secrets -> Standard Webhooks headers                                      pure
    responses  status or failure -> Outcome, Retry-After -> seconds, receiver's words -> detail            pure
    visible    hostile text -> one visible line, bounded                                                   pure
    poster     what this room asks of an HTTP client and of a kind of channel                              Protocols
    sender     one attempt: compose, post, judge; implements monitor.pipeline.ports.Sender                 acts

Guarantee: at least once. The id of a message (`webhook-id`) stays the same over all attempts, so a receiver that
remembers ids sees each message once. `hit.created.schema.json`, `source.broken.schema.json`,
`source.recovered.schema.json` and `digest.schema.json` beside these files are the contract of the bodies.
"""
