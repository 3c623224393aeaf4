"""What commands ask; opened for reading only, synchronous, and imported without the writing half.

queries  hits, sources, deliveries, alarms, the plan in force     acts
unmet    what a rule that is not in force yet would find          acts
"""
