"""Counts per window -> CountVerdict: is it told that so many, so few, or such words came? Pure.

    verdict    what a count comes to, with the numbers that an alert shows; from when a chance is rare
    series     moments -> counts in sliding windows and in hours, and how unevenly these are filled
    tail       how likely it is to count so many or so few: Poisson's and the negative binomial distribution
    watched    which hours of a series were watched, and in which ones comes at once what was missed before
    frequency  so many in a window
    spike      more than the hour and the type of day let expect
    flatline   less than that, or nothing; and the smallest window in which that can be told
    new_term   terms beside a watched one for the first time
    incident   one alert for one incident

What is usual comes in as a value: it is learned where the rhythm of sources is learned (schedule/counts.py). Guarantees: a
verdict of a spike or flatline has a chance below one in ten thousand and two weeks of past behind it; one incident is told once.
"""
