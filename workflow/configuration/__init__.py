"""The configuration of a study: schema, checks, names and paths of files."""
