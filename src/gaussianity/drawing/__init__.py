"""What all figures share: style and pictures."""
