"""Where steps run; knows tasks, not news. Acts.

    local  one process: APScheduler rings every tick, asyncio works, each kind of task in a lane of its own width

Guarantees: a task that waits or runs is not taken twice; a step that raises is reported and left alone for a while, and
stops nothing else; what is dropped here is found again in the store at the next tick. `drain` ends within its deadline.
"""
