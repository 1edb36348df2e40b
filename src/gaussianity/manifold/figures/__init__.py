"""Figures of the transition times."""
