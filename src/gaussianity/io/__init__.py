"""Files: seals, arrays, tables, images, code of the user."""
