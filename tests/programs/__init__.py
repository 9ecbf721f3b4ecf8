"""Programs that tests run in a process of their own: to kill it, to starve it, or to see what it loads."""
