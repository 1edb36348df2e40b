"""Do accuracies depend on more than mean and covariance? Verdict, assumptions, controls."""
