"""Are images normal as a distribution? Where, how far, and from how many images would one see it."""
