"""Information of one coordinate of the data about its pre-activation: the scalar channel.

    Y = e^-t phi(x) + sqrt(Delta) g,  x = sqrt(known) V + sqrt(unknown) w,  Delta = 1 - e^-2t,

with standard normal V, w and g. J = I(w; Y | V), in nats, is for each V the entropy of a variable
in one dimension. Its quadrature has spectral accuracy. The rules in V and w are those of Gauss and
Legendre between the breaks of phi. The rule in y is equidistant, because the density of y is a
mixture of normal densities of variance Delta.

Source: Barbier, Krzakala, Macris, Miolane and Zdeborova (2019), PNAS 116(12).
"""

import numpy as np

from gaussianity.manifold.theory.quadrature import normal_density, panels

LIMIT = 6.0  # deviations of V and w; the probability beyond is 2e-9
MARGIN = 7.0  # deviations of the noise beyond the outermost mean
STEP = 0.5  # of y, deviations of the noise
NEARBY = 2 * round(MARGIN / STEP) + 1  # number of y within MARGIN of a mean
ORDERS = tuple(
    int(24 * 2 ** (k / 2)) for k in range(14)
)  # of the rule in w; few, because each is kept in memory
PER_SCALE = 14  # nodes of a piece in w, per inverse of the finest scale
V_WIDTH, V_ORDER = 1.2, 6  # panels of V and nodes in each
TOGETHER = 2**21  # elements of an array, about


def noise_deviation(t):
    """sqrt(Delta) at diffusion time t of the Ornstein-Uhlenbeck process."""
    return np.sqrt(-np.expm1(-2 * t))


def channel_information(phi, known, unknown, t):
    """J = I(w; Y | V), nats.

    Args:    phi - an Activation; known >= 0, unknown > 0 - variances of the parts of the
             pre-activation; t > 0, a time.
    Returns: float.
    """
    nodes, weights = _known_rule(phi.breaks, known, unknown)
    order = _order(phi, known, unknown, t)
    entropy = np.empty(len(nodes))
    size = TOGETHER // (order * 3 * NEARBY)  # at least 11, for the largest of ORDERS
    for start in range(0, len(nodes), size):
        part = slice(start, start + size)
        w, mass = _unknown_rule(phi.breaks, np.sqrt(known) * nodes[part], unknown, order)
        x = np.sqrt(known) * nodes[part, None] + np.sqrt(unknown) * w  # (V, w)
        entropy[part] = mixture_entropy(np.exp(-t) / noise_deviation(t) * phi(x), mass)
    return weights @ entropy - 0.5 * np.log(2 * np.pi * np.e)


def mixture_entropy(means, mass):
    """Differential entropy (k,), nats, of mixtures of normal densities of variance 1.

    Args:    means, mass - (k, m): centres and weights of each mixture.
    """
    offsets = means - means.min(axis=1, keepdims=True) + MARGIN  # from the least y
    count = int(np.ceil((offsets.max() + MARGIN) / STEP)) + 1
    summed = _density_nearby if count > 3 * NEARBY else _density
    density = summed(offsets / STEP, mass, count) / np.sqrt(2 * np.pi)
    return -(density * np.log(density + 1e-300)).sum(axis=1) * STEP


def _density(places, mass, count):
    """Sums (k, count) of sqrt(2 pi) normal densities at y, from centres in steps of y."""
    kernel = places[:, :, None] - np.arange(count)  # (k, m, y)
    np.multiply(kernel, kernel, out=kernel)
    kernel *= -0.5 * STEP**2
    np.exp(kernel, out=kernel)
    return (mass[:, None, :] @ kernel)[:, 0]


def _density_nearby(places, mass, count):
    """As `_density`, without the y that are more than MARGIN deviations from a centre."""
    first = np.rint(places).astype(np.int64) - NEARBY // 2  # (k, m)
    y = first[..., None] + np.arange(NEARBY)  # (k, m, nearby)
    kernel = mass[..., None] * np.exp(-0.5 * (STEP * (places[..., None] - y)) ** 2)
    rows = (count + NEARBY) * np.arange(len(places))[:, None, None] + NEARBY
    total = np.bincount((rows + y).ravel(), kernel.ravel(), len(places) * (count + NEARBY) + NEARBY)
    return total[NEARBY:].reshape(len(places), -1)[:, :count]


def _known_rule(breaks, known, unknown):
    """Nodes and weights of V, closer where the pre-activation may pass a break."""
    if known <= 0:
        return np.zeros(1), np.ones(1)
    edges = [np.linspace(-LIMIT, LIMIT, 1 + round(2 * LIMIT / V_WIDTH))]
    spread = np.sqrt(unknown / known)
    closer = 2.0 ** np.arange(np.floor(np.log2(min(spread, V_WIDTH))), 1)
    for centre in np.asarray(breaks) / np.sqrt(known):
        edges.append(np.concatenate([centre - closer, [centre], centre + closer]))
    edges = np.unique(np.clip(np.concatenate(edges), -LIMIT, LIMIT))
    nodes, weights = panels(edges, V_ORDER)
    weights = weights * normal_density(nodes)
    return nodes, weights / weights.sum()


def _unknown_rule(breaks, centres, unknown, order):
    """Nodes and weights (V, (breaks + 1) order) of w between the breaks, which depend on V."""
    inner = (np.sort(breaks) - centres[:, None]) / np.sqrt(unknown)  # (V, breaks)
    ends = np.full((len(centres), 1), LIMIT)
    edges = np.concatenate([-ends, np.clip(inner, -LIMIT, LIMIT), ends], axis=1)
    nodes, weights = panels(edges, order)
    weights = weights * normal_density(nodes)
    return nodes, weights / weights.sum(axis=1, keepdims=True)


def _order(phi, known, unknown, t):
    """Number of nodes of a piece in w that resolves the noise wherever phi is likely to be.

    The kernel's width in w is sqrt(Delta) e^t / |d phi / dw|.
    """
    x = np.linspace(-3.5, 3.5, 401) * np.sqrt(known + unknown)
    clear = np.abs(x[:, None] - phi.breaks).min(axis=1, initial=np.inf) > 1.5 * (x[1] - x[0])
    slope = np.abs(np.gradient(phi(x), x))[clear].max()
    steepness = slope * np.sqrt(unknown) * np.exp(-t) / noise_deviation(t)
    wanted = PER_SCALE * np.sqrt(1 + steepness**2)
    return next((order for order in ORDERS if order >= wanted), ORDERS[-1])
