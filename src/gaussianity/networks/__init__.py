"""The networks of denoisers."""
