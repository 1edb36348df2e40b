"""How many images the test needs, and what it finds."""
