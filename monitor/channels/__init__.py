"""Hit x Story -> body, Delivery -> Outcome: in which words, and one try at sending them.

    words/       the body that is frozen in the outbox, and what a person is shown of it              pure
    kinds/       one file for each kind of receiver: its keys, its requests, what its responses mean  pure
    formats/     the frozen body as other receivers want it: CloudEvents, Alertmanager, a template    pure
    chat         what the chat services have in common: card -> JSON, response -> Outcome             pure
    signing      id, moment, body, secrets -> Standard Webhooks headers                               pure
    own_headers  headers of the operator's own: which may be set, and how they are read back          pure
    body_hmac    a second signature, for receivers that check a plain HMAC of the body                pure
    responses    status or failure -> Outcome, Retry-After -> seconds, receiver's words -> detail     pure
    editing      how a service edits a message that it took, and under which name it keeps that      pure
    kind         what a kind of channel is, and what this room asks of the clients                    Protocols
    jwt          a claim that a private key has signed, for services that give tokens for one         pure
    registry     the kinds that there are, by the names of their files                                pure
    tokens       bearer tokens: asked for when needed, kept until shortly before their end            acts
    carrier      each form of request goes out through the client that speaks its protocol            acts
    sender       one attempt: compose, carry, judge; implements monitor.pipeline.ports.Sender         acts

Floors, top imports down: sender > registry | carrier > kinds | tokens > chat > responses | kind | editing | body_hmac |
formats >
own_headers | signing | jwt | words; pyproject.toml holds them.

Guarantee: at least once. The id of a message (`webhook-id`) stays the same over all attempts, so a receiver that
remembers ids sees each message once.
"""
