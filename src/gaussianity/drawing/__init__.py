"""Shared code of all figures: style and pictures."""
