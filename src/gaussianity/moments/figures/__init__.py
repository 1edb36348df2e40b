"""Figures of moments."""
