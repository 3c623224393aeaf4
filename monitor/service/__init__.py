"""The only room that knows every other: builds the app, starts and stops it."""
