"""The `closedloop` command: one file a group of commands. Imports stay inside them, so that help starts at once."""
