"""The only room that knows every other: builds the house, starts and stops it."""
