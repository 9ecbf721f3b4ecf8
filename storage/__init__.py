"""DuckDB and the disk as every part uses them: SQL written by hand, files that change in one step."""
