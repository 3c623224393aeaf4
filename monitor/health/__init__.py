"""Is a source well? From what polls saw and the source's own history: raise, keep or clear an alarm. Pure."""
