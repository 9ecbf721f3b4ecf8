"""What the terminal and the pages share: the published file, status.json, figures and words in two languages."""
