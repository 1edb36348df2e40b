"""Two denoisers that were made from disjoint halves of a dataset."""
