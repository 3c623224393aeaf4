"""The words of a message: the body that is frozen in the outbox, and what a person is shown of it.

    render   MessageContext -> the exact bytes of a message about a hit                      pure
    notice   the same for a message to the operator: of a source, of the line itself         pure
    article_notice  the same for what became of an article that was told                     pure
    count_notice  the same for an alert of a rule over counts                               pure
    compose  MessageDraft -> the exact bytes: one of those, or a digest of several           pure
    refreshed  frozen body -> the same with its story as it is now, for an edit              pure
    edition  frozen body -> what a person is shown of it, in their language and zone         pure
    card     what a person is shown, as far as a service has room for it                     pure
    schemas  type -> its JSON Schema, and a sample                                           pure
    sample   type -> a marked sample outside the line, for `monitor test-webhook`          pure
    visible  hostile text -> one visible line, bounded                                       pure

The files `<type>.schema.json` beside these are the contract of the bodies.
"""
