"""An inner room; its door is still to be written."""
