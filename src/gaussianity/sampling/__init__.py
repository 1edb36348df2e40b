"""The sampler, Jacobians of its steps, and norms along its trajectories."""
