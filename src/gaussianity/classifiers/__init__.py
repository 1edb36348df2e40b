"""Classifiers and their accuracy: trained, exact and predicted."""
