"""What every reader reads with; knows neither pages nor feeds nor outlets.

    markup   fragments of HTML and sloppy strings -> plain text on one line     pure
    dates    a time as sites and feeds write it -> UTC, or None                 pure
    bylines  a line -> the names of the reporters who sign it                   pure
    repeats  a text that is stated twice, said once                             pure
    urls     links joined, hosts bare, what looks like an article               pure
    scripts  data that a page's scripts hold, and the paths that lead into it   pure
    limits   refuses text that would hold a parser up                           pure but for `lift`

Guarantees: no text makes anything here raise, but `limits`, whose trade it is, and `script_query` for a wrong path.
All work is linear in the length of the text.
"""
