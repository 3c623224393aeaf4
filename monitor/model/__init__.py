"""The words of the house: frozen, slotted values that every room shares; no I/O."""
