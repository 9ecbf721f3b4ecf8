"""Where rows come from: what a connector is, and one file or folder a connector."""
