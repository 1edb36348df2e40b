"""Transition times measured on training sets and images."""
