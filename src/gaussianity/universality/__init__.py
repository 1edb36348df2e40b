"""Do classifiers see more than mean and covariance? Verdict, assumptions, controls."""
