"""Resident memory of a process with the libraries of its stage, before it holds any data, bytes."""

NUMPY, TORCH, PANDAS = 150e6, 600e6, 350e6
