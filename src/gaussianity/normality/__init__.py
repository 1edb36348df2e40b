"""Are images normal as a distribution? Where, how far, and how many images show it."""
