"""Whether images are normal as a distribution, where not, how far from it, from how many images."""
