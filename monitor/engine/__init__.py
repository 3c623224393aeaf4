"""Where steps run; knows tasks, not news."""
