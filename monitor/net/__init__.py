"""The only room with HTTP and SMTP: caps, deadlines, no private networks. httpx, httpcore, aiosmtplib and
apprise are imported here alone.

    client        GET and POST with one total deadline, caps on bytes and headers: HttpClient, Limits            acts
    mail_client   a letter handed in over SMTP, with one total deadline: MailClient                             acts
    apprise_client  words to whatever Apprise knows, in a thread with a deadline: AppriseClient                  acts
    redirects     where a request goes, and where a response may send it next                                    pure
    retry_after   the header Retry-After: how long a server asks to be left alone                                pure
    hosts         connections by host; the least recently used are let go                                        acts
    connections   the two connections to one origin, and the line for who must wait                              acts
    guard         the door: a name is resolved once, every address checked, only a checked one connected to      acts
    proxy         the way through a proxy, HTTP or SOCKS5, with the guard in front                               acts
    certificates  whose certificates are believed, and what a handshake that failed says                         acts
    addresses     which IP addresses this process may speak to                                                   pure
    stream        a socket on asyncio, as httpcore wants it                                                      acts
    bridge        a stream as a socket, for a library that wants one                                             acts
    inflate       decompression that cannot fill the memory                                                      pure
    failure       what can go wrong below HTTP, in one vocabulary                                                pure

Guarantees: no connection to a private address that the settings do not allow, whatever the redirects and the names do;
nothing larger or later than the limits; what Apprise does is bounded in time alone; no proxy from the environment, and behind one of the settings what the guard can
see is checked first (docs/decisions/0017-proxy.md); what fails leaves this room as a FetchError.
"""
