"""Figures of sampling."""
