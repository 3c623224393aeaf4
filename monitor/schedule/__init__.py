"""When to poll or try next. Pure: the time and the chance come in as arguments.

    cadence    when to poll a source again, at a fixed interval or by crontab, after success or failures
    crontab    five-field expressions, read as crontab(5) reads them
    calendar   public holidays, by country and year, and which country keeps a zone's time
    hours      the hours of a source's clock, and the types of its days
    rates      how often a source publishes at each of them, by what was learned: for polling, and for judging a silence
    arrivals   what a source's lists teach of that: the one learner, and whether a list was polled too late
    counts     what the same learner expects of a rule that is counted hour by hour
    adaptive   how long to wait where that rhythm decides, under one budget of requests for all sources
    outlook    what a cadence comes to: mean delay, requests a day, and why
    backoff    how long to wait before the next try of a delivery or an entry

Guarantees: every wait is bounded; an adaptive source is polled neither oftener nor more seldom than its bounds say; a wait
that a server asked for is not shortened, up to a day.
"""
