"""Which articles tell the same matter; pure. Start with monitor.cluster.choice."""
