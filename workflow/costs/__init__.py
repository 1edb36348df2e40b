"""What a study costs before it runs: jobs, memory and disk."""
