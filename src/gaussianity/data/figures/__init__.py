"""Figures of data."""
