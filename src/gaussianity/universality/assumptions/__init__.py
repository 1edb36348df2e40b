"""The assumptions of the universality theorem, measured on images."""
