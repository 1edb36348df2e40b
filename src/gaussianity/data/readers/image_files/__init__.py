"""Readers of image files: folders and archives of PNG, JPEG and the like."""
