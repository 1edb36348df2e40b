"""The report: page, tables, provenance."""
