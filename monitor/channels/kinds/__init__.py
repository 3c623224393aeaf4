"""One module per kind of channel: a chat offers KIND, the webhook is its own (see monitor.channels.poster.Kind). Pure.

    webhook     the frozen body as JSON, signed after Standard Webhooks
    discord     one embed
    dooray      plain text and one attachment
    googlechat  a card with a little HTML
    jandi       a little Markdown and one piece of `connectInfo`
    kakaowork   blocks, and a text for notifications
    mattermost  Markdown
    ntfy        a notification, published as JSON to a topic
    slack       blocks of rich text
    teams       an Adaptive Card
    telegram    HTML; plain text when that was not understood

Channels are strangers: none imports another, so a change for one receiver cannot break the next.
"""
