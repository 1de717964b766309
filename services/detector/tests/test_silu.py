"""Activations freed of their roundings: the network says the same, in fewer passes over memory."""

import numpy as np
import openvino
import openvino.opset13 as ops

from wideberth_detector.core.silu import free_activations


def rounded(node, levels: int):
    low, high = np.float32(-4), np.float32(4)
    return ops.fake_quantize(node, low, high, low, high, levels)


def network(levels: int, of_another: bool = False) -> openvino.Model:
    """x · sigmoid(x) with both factors rounded, and the product too; or times the sigmoid of something else."""
    x = ops.parameter([1, 64], np.float32)
    y = ops.add(x, np.float32(0.5))
    gate = ops.sigmoid(ops.add(x, np.float32(1)) if of_another else y)
    product = ops.multiply(rounded(y, levels), rounded(gate, levels))
    return openvino.Model([rounded(product, levels)], [x], "activation")


def answer(model: openvino.Model) -> np.ndarray:
    x = np.linspace(-3, 3, 64, dtype=np.float32)[None]
    return np.array(openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(x)[0])


def roundings(model: openvino.Model) -> int:
    return sum(node.get_type_name() == "FakeQuantize" for node in model.get_ops())


def test_both_factors_are_freed_and_the_product_stays_rounded():
    model = network(levels=256)
    before = answer(model)
    assert free_activations(model) == 1
    assert roundings(model) == 1
    np.testing.assert_allclose(answer(model), before, atol=0.1)
    assert free_activations(model) == 0


def test_the_freed_network_is_nearer_the_exact_one():
    exact = np.linspace(-3, 3, 64, dtype=np.float32)[None] + 0.5
    exact = exact / (1 + np.exp(-exact))
    coarse, freed = network(levels=32), network(levels=32)
    free_activations(freed)
    assert np.abs(answer(freed) - exact).mean() < np.abs(answer(coarse) - exact).mean()


def test_a_gate_of_something_else_is_left_alone():
    model = network(256, of_another=True)
    assert free_activations(model) == 0
    assert roundings(model) == 3
