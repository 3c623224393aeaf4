"""Situation x Plan -> Notifications: whom to tell of a hit or an event, and why somebody is not told.

    routes  which channels hear of a rule's hits in a source, and through which route; what leads nowhere            pure
    silences  which silence covers a hit or an event                                                                 pure
    policy  what the store knows at that moment x plan -> a Notification for each channel: now, held, or suppressed  pure
    stories  what is new about a story that a rule has told a channel of                                             pure
    holding  when a channel hears: at once, together, or later                                                       pure
    difference  what of an article's change is told: another headline, passages around mentions that are gone or new     pure
    follow  who is told what became of an article: the channels that were told of it                                   pure
    hours   is it quiet now, and until when                                                                          pure
    channels  what the operator is told of a channel that shut, or is open again                                     pure
    line  what the operator is told of messages that wait, a disk that fills, a database that took no writes         pure
    heartbeat  the message that says that all is running: when it is due, and what it tells                          pure
    repeats    when an alert that nobody has acknowledged is sent again, and what is told then                           pure
    digests    what a digest with nothing in it says                                                                 pure
    replay  what a plan would have told of articles of the past: its own decisions over a memory in place of the store  pure
    outlook  who would hear of a hit, when and why, told ahead by the same conditions (`monitor routes`)              pure

Guarantee: nothing is left out silently; who is not told stands in a Notification with its reason. The store calls what
stands here inside its transactions.
"""
