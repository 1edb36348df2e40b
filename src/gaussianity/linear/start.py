"""Starting the sampler late, from the state that mean and covariance decide.

Above a noise level the network hardly differs from the exact denoiser of a normal distribution, of
which the state is known in closed form. The steps above that level need no network.
"""

import numpy as np

LARGEST_KL = 0.005  # nats: the images' distribution moves by at most .05 in total variation


def deterministic_state(latent, mean, vectors, variances, sigma_max, sigma):
    """x(sigma) of the probability flow for N(mean, covariance).

    Args:    latent - x at sigma_max, rows (n, d); mean - (d,); vectors - eigenvectors of the
             covariance as rows (r, d); variances - eigenvalues (r,).
    Returns: float64 (n, d).
    Source:  Wang and Vastola (2024).
    """
    centred = np.asarray(latent, dtype=np.float64) - mean
    along = centred @ vectors.T
    factors = np.sqrt((variances + sigma**2) / (variances + sigma_max**2))
    outside = sigma / sigma_max  # along directions without variance
    return mean + outside * centred + (along * (factors - outside)) @ vectors


def random_state(normal, mean, vectors, variances, sigma):
    """A draw from N(mean, covariance + sigma^2 I), the state's exact distribution.

    Args:    normal - standard normal rows (n, d); the others as in `deterministic_state`.
    """
    along = np.asarray(normal, dtype=np.float64) @ vectors.T
    return mean + sigma * normal + (along * (np.sqrt(variances + sigma**2) - sigma)) @ vectors


def saved(step, steps):
    """Share of network evaluations that a start at this step saves.

    >>> saved(3, 12)  # 6 of 23
    0.2608695652173913
    """
    return 2 * step / (2 * steps - 1)


def steps_below(sigmas, nats, largest=LARGEST_KL):
    """Last step from whose level upwards the divergence is at most `largest`.

    The images' distribution moves by at most sqrt(largest / 2) in total variation. This holds for
    noise at the rate of the reverse diffusion; for a deterministic sampler it is a scale.

    Args:    sigmas - levels of the sampler (steps,), falling; nats - per e-fold at each of them.
    Returns: number of the step, 0 for the latent.
    """
    logs, nats = np.log(np.asarray(sigmas)), np.asarray(nats)
    above = np.concatenate([[0.0], np.cumsum((nats[1:] + nats[:-1]) / 2 * -np.diff(logs))])
    return int(np.flatnonzero(above <= largest)[-1])


def steps_of_loss(sigmas, gaussian_loss, network_loss):
    """Last step from whose level upwards the Gaussian denoises held-out images as well.

    Args:    sigmas - levels (steps,), falling; gaussian_loss, network_loss - mean squared errors of
             both denoisers on images that neither was made from (steps,).
    """
    worse = np.flatnonzero(np.asarray(gaussian_loss) > np.asarray(network_loss))
    return int(worse[0]) - 1 if len(worse) else len(sigmas) - 1
