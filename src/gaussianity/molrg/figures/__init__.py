"""Figures of molrg."""
