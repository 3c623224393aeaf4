"""The only room that knows every concrete part: builds the app, starts and stops it, answers what commands ask.

    wiring         every part by its name, put together: the App                                acts
    daemon         its life: start, signals, drain, stop                                        acts
    current_plan   files -> a plan that is known to work, its rules compiled; the plan in force acts
    configuration  the configuration, read with every kind of source and channel                reads files
    plan_reload    a changed plan becomes the plan in force, or the last good one stays         acts
    clients        HTTP clients as the settings want them, and the polite visitor of pages      acts
    lock           one process for each data folder, and its heartbeat                          acts
    signals        SIGTERM and SIGINT end the program, SIGHUP reloads its plan                  acts
    clock          the one clock of a running app                                               acts
    telemetry      what happened -> log lines                                                   acts
    summary        what many events come to, said once                                          pure
    diagnosis      is all well? what is not, and what to do (`monitor doctor`)                  acts
    try_source     a source tried live, nothing stored (`monitor doctor SOURCE`)                acts
    discovery      how can a site be watched? (`monitor add`)                                   acts
    poll_schedule  when every source is polled, and why (`monitor sources --schedule`)          acts
    stored_hits    the stored hits, opened for reading                                          acts
    questions      articles and rules held against each other; replay; upgrade                  acts

Guarantee: a daemon that is told to stop ends within 20 seconds, and one that is killed loses nothing.
"""
