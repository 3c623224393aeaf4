"""When to look or try next; pure."""
