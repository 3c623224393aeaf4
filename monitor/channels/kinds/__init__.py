"""One file for each kind of channel: its keys in the configuration, its requests, what its responses mean. Pure.

A file offers KIND (monitor.channels.kind.ChannelKind), and its name is the kind's; nothing else knows it, not even a line
here. The first line of each file says what it sends.

Channels are strangers: none imports another, so a change for one receiver cannot break the next.
"""
