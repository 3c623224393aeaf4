"""Which articles tell the same matter; pure. Only identical headlines are joined for now (see monitor.cluster.stories)."""
