"""The figures: one module each, named as the figure; tables in, a table and a Figure out."""
