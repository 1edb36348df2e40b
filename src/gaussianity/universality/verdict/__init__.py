"""The verdict: is the difference of accuracies larger than a margin?"""
