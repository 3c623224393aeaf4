"""The words: frozen, slotted values that every room shares; no I/O."""
