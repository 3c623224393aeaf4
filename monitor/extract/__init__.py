"""Page -> Leads, Page -> Article."""
