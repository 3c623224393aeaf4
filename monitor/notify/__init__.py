"""Rule x Plan -> Notification: whom to tell, and why somebody is not told.

    policy  rule x plan -> one Notification per channel, to be sent or suppressed with the reason  pure

Guarantee: nothing is left out silently; who is not told stands in a Notification with its reason.
"""
