"""What commands ask; opened for reading only, synchronous, and imported without the writing half.

queries  the one reader: hits, sources, deliveries, alarms, the plan in force     acts
hits     hits by filters: pages, numbers, what came since         acts
chosen_deliveries  which deliveries people ask for, the newest ids    acts
one_delivery  every attempt at a delivery, and what is sent         acts
one_article  one article by its number, and what it has said    acts
latest_articles  what was stored last of a source, as it was read  acts
notifications  what concerned which channel, and what became of it   acts
named    names that the plan has no more, and stored rows have    acts
marks    the newest and oldest numbers: is there anything new?      acts
export   hits and articles in bulk                               acts
timeline  how many hits came when, by rule                       acts
channels  how the channels fare, and what a message waits behind  acts
latencies  how long news was on its way, of each source and channel  acts
stories  stories as chains of acts, and how they went from outlet to outlet  acts
story_course  its articles one by one, and what was told of it at which level  acts
story_ranks  which stories are listed, in which order               acts
handlings  what people have made of hits and stories           acts
feedback  whether hits were meant, as people say               acts
revisions  what an article said, version by version             acts
trail    what is known of one address: listed, read, hits, what was told  acts
stored_articles  the stored articles in pages, and what became of those that met a rule  acts
free_sql  questions that people write in SQL themselves         acts
sql_text  such a question as one database takes it: search(), ago(), moment(), kst() written out  pure
storage  where everything is kept, how large, in which versions   acts
figures  what /metrics shows of the database                    acts
unmet    what a rule that is not in force yet would find          acts
"""
