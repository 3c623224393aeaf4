"""When to poll or try next; pure."""
