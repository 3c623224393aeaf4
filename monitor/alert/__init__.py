"""Hit x Story -> Alert -> Delivery."""
