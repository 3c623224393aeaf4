"""URL -> Page, with manners."""
