"""The frozen body -> the bytes that a webhook's receiver wants. A transform when it is sent, the same at every attempt.

    rendered      what a format makes, and the frozen body as every format reads it   pure
    choice        the formats that there are, by name, and their keys                 pure
    cloudevents   CloudEvents 1.0 over HTTP, structured and binary                    pure
    alertmanager  the webhook of Prometheus's Alertmanager, version 4                 pure
    template      what a template of the operator's own makes of it                   pure
    bounded       Jinja2 with an end: time and size are bounded by the template       pure

Guarantee: nothing but the frozen body, the message's id and the channel goes in, so a retry sends the same bytes.
"""
