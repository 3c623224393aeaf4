"""The only room with httpx: caps, deadlines, no private networks."""
