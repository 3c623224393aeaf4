"""Article x recent stories -> Story; pure."""
