"""Denoisers: trained, given or in closed form, and their files."""
