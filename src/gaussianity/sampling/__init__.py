"""The sampler, and how it contracts."""
