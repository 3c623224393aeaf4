"""What happens to a page, in order. Start reading here."""
