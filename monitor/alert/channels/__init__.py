"""One module per kind of receiver; each offers `compose` and `judge` (see monitor.alert.poster.Kind).

Channels are strangers: none imports another, so a change for one receiver cannot break the next.
"""
