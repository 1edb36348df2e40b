"""Two denoisers on disjoint halves of a dataset, and how much their images agree."""
