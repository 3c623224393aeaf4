"""Article x rules -> Hits; pure."""
