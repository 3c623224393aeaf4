"""Page -> Entries, Page -> Article."""
