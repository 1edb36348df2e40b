"""Transition times as measured."""
