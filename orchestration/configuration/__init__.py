"""`closedloop.yml` and the choices of a run. Connectors know `context` and `fields`, never `settings`."""
