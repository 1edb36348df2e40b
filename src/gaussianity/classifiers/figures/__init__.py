"""Figures of classifiers."""
