"""Derivatives of maps of images against known matrices, central differences and whole Jacobians."""

import warnings

import pytest
import torch

from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.errors import InputError
from gaussianity.sampling import jacobians
from gaussianity.sampling.jacobians import (
    Derivative,
    NotDifferentiable,
    differentiable_denoiser,
    jacobian,
    leading_singular_values,
)

SHAPE = (1, 4, 4)


def randn(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def linear(matrices):
    """x -> M x with a matrix (n, d, d) of each image."""
    return lambda x: (matrices @ x.flatten(1)[:, :, None]).reshape(x.shape)


def with_singular_values(values, n=2, seed=0):
    """Matrices (n, d, d) of given singular values (d,) and random bases."""
    d = len(values)
    left, right = (torch.linalg.qr(randn(n, d, d, seed=seed + i))[0] for i in (0, 1))
    return left @ torch.diag(torch.as_tensor(values, dtype=torch.float64)) @ right


def unet(architecture):
    """A network with random weights in every layer, attention and resampling included."""
    network = dict(architecture=architecture, model_channels=16, channel_mult=[1, 2], num_blocks=1)
    network |= dict(attention_resolutions=[4], dropout=0.0)
    if architecture == "adm":
        network |= dict(channels_per_head=16)
    else:
        network |= dict(embedding_type="fourier", residual_encoder=True, taps=[1, 3, 3, 1])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        denoiser = UNetDenoiser(image_shape=(1, 8, 8), label_dim=3, network=network)
        for parameter in denoiser.parameters():
            torch.nn.init.normal_(parameter, std=0.15)
    return denoiser.eval().requires_grad_(False)


@pytest.fixture(scope="module", params=["adm", "song"])
def denoised(request):
    """D of two images at a noise level, and the images."""
    denoiser, labels = unet(request.param), torch.eye(3)[[0, 2]]
    return lambda x: denoiser(x, 0.7, labels), randn(2, 1, 8, 8)


def test_products_of_a_linear_map():
    matrices = with_singular_values(torch.arange(16) + 1.0)
    weights = matrices.clone().requires_grad_()  # like trainable weights of a network
    derivative = Derivative(linear(weights), randn(2, *SHAPE))
    vectors = randn(3, 2, *SHAPE, seed=3)
    assert not derivative.forward(vectors).requires_grad
    assert not derivative.backward(vectors).requires_grad
    flat = vectors.flatten(2)[..., None]
    torch.testing.assert_close(
        derivative.forward(vectors).flatten(2), (matrices @ flat).squeeze(-1)
    )
    torch.testing.assert_close(
        derivative.backward(vectors).flatten(2), (matrices.mT @ flat).squeeze(-1)
    )
    torch.testing.assert_close(jacobian(linear(matrices), randn(2, *SHAPE)), matrices)


def test_the_jacobian_of_one_image():
    matrices = with_singular_values(torch.arange(16) + 1.0, n=1)
    torch.testing.assert_close(jacobian(linear(matrices), randn(1, *SHAPE)), matrices)


def test_products_with_a_network_are_adjoint_and_fit_its_values(denoised):
    f, x = denoised
    derivative = Derivative(f, x)
    u, v = randn(2, 2, 1, 8, 8, seed=1), randn(2, 2, 1, 8, 8, seed=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # a fallback would warn
        pushed, pulled = derivative.forward(v), derivative.backward(u)
    torch.testing.assert_close(
        (u * pushed).sum((2, 3, 4)), (v * pulled).sum((2, 3, 4)), rtol=1e-4, atol=1e-4
    )
    assert derivative.error(1e-3 * v[0]) < 1e-3
    whole = jacobian(f, x)
    expected = (whole @ v.flatten(2)[..., None]).squeeze(-1)
    torch.testing.assert_close(pushed.flatten(2), expected, rtol=1e-4, atol=1e-4)


def test_two_passes_backward_are_a_pass_forward(denoised):
    f, x = denoised
    vectors = randn(3, *x.shape, seed=1)
    forward = Derivative(f, x).forward(vectors)
    found = Derivative(f, x, forward_mode=False).forward(vectors)
    torch.testing.assert_close(found, forward, rtol=1e-4, atol=1e-5)


def test_images_of_a_batch_have_nothing_to_do_with_each_other(denoised, monkeypatch):
    f, x = denoised
    together = jacobian(f, x)
    monkeypatch.setattr(jacobians, "AT_ONCE", 7)
    torch.testing.assert_close(jacobian(f, x), together, rtol=1e-4, atol=1e-5)
    other = torch.stack([x[0], x[1] + 1])
    torch.testing.assert_close(jacobian(f, other)[0], together[0], rtol=1e-4, atol=1e-5)


class Cube(torch.autograd.Function):
    """x^3, with neither a derivative in forward mode nor a rule for several vectors."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * grad


def test_an_operation_without_forward_mode_falls_back_and_says_so():
    x, vectors = randn(2, *SHAPE), randn(3, 2, *SHAPE, seed=1)
    derivative = Derivative(Cube.apply, x)
    with pytest.warns(UserWarning, match="J v by two passes backward: torch says: "):
        found = derivative.forward(vectors)
    torch.testing.assert_close(found, 3 * x**2 * vectors)
    torch.testing.assert_close(derivative.backward(vectors), 3 * x**2 * vectors)


def test_what_cannot_be_done_for_many_vectors_is_done_one_by_one():
    def f(x):
        y = x**2
        y.register_hook(lambda grad: grad * float(grad.isfinite().all()))  # wants a number
        return y

    x, vectors = randn(2, *SHAPE), randn(3, 2, *SHAPE, seed=1)
    derivative = Derivative(f, x)
    with pytest.warns(UserWarning, match="one vector after the other: torch says: "):
        found = derivative.backward(vectors)
    torch.testing.assert_close(found, 2 * x * vectors)


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: x.detach() * 2, "torch knows of no derivative"),
        (lambda x: torch.from_numpy(x.numpy() * 2), "torch says: Can't call numpy"),
    ],
)
def test_a_map_without_derivative_is_refused(f, message):
    with pytest.raises(NotDifferentiable, match=message):
        Derivative(f, randn(2, *SHAPE))


def test_the_error_of_a_denoiser_without_derivative_names_its_file():
    expected = (
        "^a/denoiser.safetensors: expected a denoiser that torch can differentiate, found that "
        "torch knows of no derivative, .*; images 0 leaves this out$"
    )
    with (
        pytest.raises(InputError, match=expected),
        differentiable_denoiser("a/denoiser.safetensors", "images 0 leaves this out"),
    ):
        Derivative(torch.Tensor.detach, randn(2, *SHAPE))


def test_a_part_without_derivative_is_seen_in_the_error():
    def f(x):
        return 0.1 * x + torch.tanh(x).detach()

    direction = 0.01 * randn(2, *SHAPE, seed=1)
    assert Derivative(f, randn(2, *SHAPE)).error(direction) > 1
    assert Derivative(torch.tanh, randn(2, *SHAPE)).error(direction) < 1e-3


def leading(matrices, block, iterations, seed=5):
    n, d, _ = matrices.shape
    shape = (1, 1, d)
    derivative = Derivative(linear(matrices), randn(n, *shape))
    return leading_singular_values(derivative, randn(n, d, block, seed=seed), iterations)


def test_leading_singular_values_rise_to_the_true_ones_and_never_above():
    true = (1 + torch.arange(60.0, dtype=torch.float64)) ** -0.5
    matrices, before = with_singular_values(true), torch.zeros(2, 4, dtype=torch.float64)
    for iterations in (1, 2, 4, 8, 12):
        found = leading(matrices, 4, iterations)
        assert (found.values <= true[:4] * (1 + 1e-12)).all()
        assert (found.values >= before * (1 - 1e-12)).all()
        # a true value lies within the residual of each
        away = (found.values[..., None] - true).abs().amin(dim=2) / found.values
        assert (away <= found.residual / 2**0.5 + 1e-12).all()
        before = found.values
    torch.testing.assert_close(found.values, true[:4].expand(2, 4), rtol=1e-6, atol=0)
    assert found.residual.max() < 1e-3
    assert (found.residual[:, 0] < found.residual[:, 3] / 100).all()  # the largest converges first
    pushed = (matrices @ found.vectors).norm(dim=1)
    torch.testing.assert_close(pushed, found.values)


def test_equal_singular_values_are_found_with_their_number():
    true = torch.cat([torch.full((5,), 2.0), torch.linspace(1, 0, 43)])
    found = leading(with_singular_values(true), 8, 6)
    torch.testing.assert_close(found.values[:, :5], torch.full((2, 5), 2.0, dtype=torch.float64))
    assert (found.values[:, 5] < 1 + 1e-12).all()


def test_more_vectors_than_dimensions_change_nothing():
    """Exhausted directions are left out; the singular values are then exact."""
    true = torch.tensor([3.0, 2.0, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0])
    found = leading(with_singular_values(true), 3, 9)
    torch.testing.assert_close(found.values, true[:3].double().expand(2, 3))
    assert found.residual.max() < 1e-7


def test_a_zero_map_has_zero_singular_values():
    found = leading(torch.zeros(1, 8, 8, dtype=torch.float64), 2, 3)
    assert found.values.abs().max() == 0
    assert found.residual.tolist() == [[1.0, 1.0]]  # |0 - v|, not 0 / 0


def test_the_error_of_a_constant_map_is_zero():
    """Neither its derivative nor its values change: 0, not 0 / 0."""
    assert Derivative(lambda x: 0 * x, randn(2, *SHAPE)).error(randn(2, *SHAPE, seed=1)) == 0


@pytest.mark.parametrize(("part", "second"), [(1e-3, 2.0), (1e-7, 0.0)])
def test_start_vectors_that_are_nearly_parallel(part, second):
    """The second vector adds a direction where it differs by more than rounding."""
    units = torch.eye(4, dtype=torch.float64)
    start = torch.stack([units[0], units[0] + part * units[1]], dim=1)[None]
    derivative = Derivative(
        linear(torch.diag(torch.tensor([3.0, 2, 1, 1]))[None].double()), randn(1, 1, 2, 2)
    )
    for scale in (1e-6, 1.0, 1e6):
        found = leading_singular_values(derivative, scale * start, 1)
        torch.testing.assert_close(found.values, torch.tensor([[3.0, second]]).double())


def test_values_scale_with_the_map_and_residuals_do_not():
    matrices = with_singular_values((1 + torch.arange(30.0, dtype=torch.float64)) ** -0.5)
    expected = leading(matrices, 4, 3)
    for scale in (1e-9, 1e6):
        found = leading(scale * matrices, 4, 3)
        torch.testing.assert_close(found.values, scale * expected.values)
        torch.testing.assert_close(found.residual, expected.residual, rtol=1e-6, atol=1e-9)
