"""Watch the news for the words you care about."""
