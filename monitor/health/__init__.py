"""Is a source well? From what polls saw and the source's own past: raise, keep or clear an alarm. Pure.

    judge      what a poll means: start here
    access     do the lists and feeds answer with articles?
    outage     is it the network, or the sources themselves?
    yields     do articles still come with the fields they used to come with?
    staleness  is the present silence longer than the source's rhythm explains?
    losses     how many articles went by unseen?
    memory     what is remembered between two polls: bounded, plain JSON in the store
    wording    what the operator reads: summary and action, in English and Korean

Guarantees: an alarm is raised once and cleared once; when no server answers any more it is one alarm for all; a source is
measured against its own past. docs/health.md explains each problem.
"""
