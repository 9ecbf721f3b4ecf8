"""The files that marketing and sales keep: read, checked, and laid out for the models."""
