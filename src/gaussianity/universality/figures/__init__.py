"""Figures of universality."""
