"""Denoisers: given, trained, in closed form; their files."""
