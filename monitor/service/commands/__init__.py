"""What an installation can be told, and asked beyond its database: a file for each group, which App has under its name.

explaining      why something was told, or not, and what the line would make of an address   asks the service
rule_trials     rules tried: on an article that a person names, over the stored articles     asks the service
plan_check      the plan of the files beside the one in force; a reload is asked for         acts
channel_trials  who would hear of a rule, and a sample that is sent                          acts
sending         messages sent again, a channel opened, and what waits while no daemon runs   acts
triage          what people say of hits and stories: handling, feedback, silences            acts
source_setup    sources found, tried live, written, confirmed, exchanged with a feed reader  acts
presence        whether sources wait for a daemon, and which others there are                asks the service
doctor          is all well? every inspection in its order                                   asks the service
database_admin  the database as a whole: brought to this program's schema, copied            acts

Each is imported when it is first asked for, with all it needs: `monitor hits` waits for none of them. A method that takes
`queries` asks the database through these, in the web's bounded time, in place of the installation's own reader.
"""
