"""Datasets of images: readers, features, nearest neighbours."""
