"""Readers of labelled images: one module for each kind of dataset."""
