"""Transition times from the theory."""
