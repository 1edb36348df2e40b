"""Are images normal as a distribution? Where, how far, and from how many images one sees it."""
