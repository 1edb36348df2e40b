"""Figures of the room: they draw tables and compute nothing."""
