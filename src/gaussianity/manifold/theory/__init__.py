"""Transition times in theory."""
