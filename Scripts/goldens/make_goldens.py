#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the golden tensors under Tests/Fixtures with PyTorch.

    python3 -m venv .venv && .venv/bin/pip install -r Scripts/goldens/requirements.txt
    .venv/bin/python Scripts/goldens/make_goldens.py            # writes the fixtures
    .venv/bin/python Scripts/goldens/make_goldens.py --check    # compares them bit for bit

Inputs are 32-bit floats; PyTorch computes in double precision and the results are rounded once, so
a golden tensor's own error is half a unit in the last place.
"""
import argparse
import pathlib
import sys

import numpy as np
import torch
from safetensors.numpy import save
from torch import nn

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures"
ACTIVATIONS = {
    "identity": nn.Identity(),
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(0.2),
    "tanh": nn.Tanh(),
    "sigmoid": nn.Sigmoid(),
    "selu": nn.SELU(),
}


class Recorder:
    """Draws inputs by seed and collects what goes into a file."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tensors = {}

    def draw(self, name, *shape, scale=1.0, shift=0.0):
        """Draws a normal tensor, records it and returns it in double precision."""
        values = (self.random.standard_normal(shape) * scale + shift).astype(np.float32)
        self.tensors[name] = values
        return torch.from_numpy(values.astype(np.float64))

    def keep(self, name, tensor):
        self.tensors[name] = tensor.detach().numpy().astype(np.float32)

    def network(self, prefix, module):
        """Draws all parameters of a module, and records them."""
        module.double()
        with torch.no_grad():
            for name, parameter in module.named_parameters():
                scale = 0.3 if parameter.ndim == 1 else parameter.shape[1] ** -0.5
                shift = 1.0 if is_norm_weight(module, name) else 0.0
                parameter.copy_(
                    self.draw(f"{prefix}/{name}", *parameter.shape, scale=scale, shift=shift))
        return module

    def keep_gradients(self, prefix, module):
        for name, parameter in module.named_parameters():
            self.keep(f"{prefix}/{name}.grad", parameter.grad)


def is_norm_weight(module, name):
    owner = module.get_submodule(name.rpartition(".")[0])
    return isinstance(owner, (nn.BatchNorm1d, nn.LayerNorm)) and name.endswith("weight")


def perceptron(sizes, activation):
    layers = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(inputs, outputs), activation]
    return nn.Sequential(*layers[:-1])


def perceptrons():
    recorder = Recorder(1)
    for name, activation in ACTIVATIONS.items():
        network = recorder.network(name, perceptron([13, 33, 17, 3], activation))
        x = recorder.draw(f"{name}/x", 9, 13).requires_grad_()
        dy = recorder.draw(f"{name}/dy", 9, 3)
        y = network(x)
        y.backward(dy)
        recorder.keep(f"{name}/y", y)
        recorder.keep(f"{name}/dx", x.grad)
        recorder.keep_gradients(name, network)
    return recorder.tensors


def normalizations():
    recorder = Recorder(2)
    norm = recorder.network("batch", nn.BatchNorm1d(19))
    for step in range(2):
        x = recorder.draw(f"batch/x{step}", 12, 19, scale=3.0, shift=2.0).requires_grad_()
        dy = recorder.draw(f"batch/dy{step}", 12, 19)
        norm.zero_grad()
        y = norm(x)
        y.backward(dy)
        recorder.keep(f"batch/y{step}", y)
        recorder.keep(f"batch/dx{step}", x.grad)
        recorder.keep(f"batch/running_mean{step}", norm.running_mean)
        recorder.keep(f"batch/running_var{step}", norm.running_var)
        recorder.keep_gradients(f"batch{step}", norm)
    norm.eval()
    x = recorder.draw("batch/x_inference", 5, 19, scale=3.0, shift=2.0).requires_grad_()
    dy = recorder.draw("batch/dy_inference", 5, 19)
    y = norm(x)
    y.backward(dy)
    recorder.keep("batch/y_inference", y)
    recorder.keep("batch/dx_inference", x.grad)

    norm = recorder.network("layer", nn.LayerNorm(37))
    x = recorder.draw("layer/x", 7, 37, scale=3.0, shift=2.0).requires_grad_()
    dy = recorder.draw("layer/dy", 7, 37)
    y = norm(x)
    y.backward(dy)
    recorder.keep("layer/y", y)
    recorder.keep("layer/dx", x.grad)
    recorder.keep_gradients("layer", norm)
    return recorder.tensors


class Residual(nn.Module):
    """CTGAN's residual block."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.fc = nn.Linear(inputs, outputs)
        self.bn = nn.BatchNorm1d(outputs)

    def forward(self, x):
        return torch.cat([torch.relu(self.bn(self.fc(x))), x], dim=1)


def residual_network():
    recorder = Recorder(3)
    network = recorder.network(
        "network", nn.Sequential(Residual(6, 17), Residual(23, 9), nn.Linear(32, 5)))
    x = recorder.draw("x", 14, 6).requires_grad_()
    dy = recorder.draw("dy", 14, 5)
    y = network(x)
    y.backward(dy)
    recorder.keep("y", y)
    recorder.keep("dx", x.grad)
    recorder.keep_gradients("network", network)
    for name, buffer in network.named_buffers():
        if buffer.ndim == 1:
            recorder.keep(f"network/{name}", buffer)
    return recorder.tensors


def losses():
    recorder = Recorder(4)

    def finish(prefix, value, *inputs):
        value.backward()
        recorder.keep(f"{prefix}/value", value)
        for name, tensor in inputs:
            recorder.keep(f"{prefix}/{name}.grad", tensor.grad)

    for target in (0.0, 1.0, 0.9):
        prefix = f"cross_entropy_{target}"
        logits = recorder.draw(f"{prefix}/logits", 11, 1, scale=20.0).requires_grad_()
        value = nn.functional.binary_cross_entropy_with_logits(
            logits, torch.full_like(logits, target))
        finish(prefix, value, ("logits", logits))

    real = recorder.draw("relativistic/real", 11, 1, scale=5.0).requires_grad_()
    generated = recorder.draw("relativistic/generated", 11, 1, scale=5.0).requires_grad_()
    value = nn.functional.softplus(-(real - generated)).mean()
    finish("relativistic", value, ("real", real), ("generated", generated))

    # Spans of 3, 1 and 5 columns at 1, 4 and 7; -1 asks for nothing.
    logits = recorder.draw("softmax/logits", 6, 13, scale=4.0).requires_grad_()
    spans = [(1, 3), (4, 1), (7, 5)]
    targets = np.array(
        [[0, -1, 4], [-1, -1, -1], [2, 0, -1], [-1, 0, 0], [1, -1, 2], [-1, -1, 3]])
    recorder.tensors["softmax/targets"] = targets.astype(np.float32)
    value = 0.0
    for row in range(6):
        for (offset, width), target in zip(spans, targets[row]):
            if target >= 0:
                span = logits[row, offset:offset + width]
                value = value - torch.log_softmax(span, dim=0)[target]
    finish("softmax", value / 6, ("logits", logits))
    return recorder.tensors


def penalties():
    recorder = Recorder(5)
    for name in ("leaky_relu", "tanh", "sigmoid", "selu"):
        network = recorder.network(name, perceptron([13, 33, 17, 1], ACTIVATIONS[name]))
        x = recorder.draw(f"{name}/x", 9, 13).requires_grad_()
        for kind in ("wgan", "r1"):
            network.zero_grad()
            (gradient,) = torch.autograd.grad(network(x).sum(), x, create_graph=True)
            if kind == "wgan":
                value = 10.0 * ((gradient.norm(dim=1) - 1.0) ** 2).mean()
            else:
                value = 3.0 / 2.0 * (gradient ** 2).sum(dim=1).mean()
            value.backward()
            recorder.keep(f"{name}/{kind}", value)
            for parameter_name, parameter in network.named_parameters():
                # The last bias has no part in the gradient by the input.
                gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
                recorder.keep(f"{name}/{kind}/{parameter_name}.grad", gradient)
    return recorder.tensors


def optimizers():
    recorder = Recorder(6)
    cases = {
        "adam": lambda p: torch.optim.Adam([p], lr=1e-2, betas=(0.5, 0.9)),
        "adam_decay": lambda p: torch.optim.Adam([p], lr=1e-2, weight_decay=0.1),
        "rmsprop": lambda p: torch.optim.RMSprop([p], lr=1e-2, alpha=0.9),
        "rmsprop_decay": lambda p: torch.optim.RMSprop([p], lr=1e-2, weight_decay=0.1),
    }
    for name, make in cases.items():
        parameter = nn.Parameter(recorder.draw(f"{name}/initial", 5, 19))
        optimizer = make(parameter)
        for step in range(5):
            # From tiny to large, so that epsilon counts in some steps.
            parameter.grad = recorder.draw(f"{name}/gradient{step}", 5, 19, scale=10.0 ** (step - 3))
            optimizer.step()
            recorder.keep(f"{name}/value{step}", parameter)

    gradients = [recorder.draw("clip/0", 4, 7), recorder.draw("clip/1", 1, 7)]
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = nn.utils.clip_grad_norm_(parameters, 1.5)
    recorder.keep("clip/norm", norm)
    for index, parameter in enumerate(parameters):
        recorder.keep(f"clip/{index}.clipped", parameter.grad)
    return recorder.tensors


def container():
    """What the file format allows and a network never needs."""
    return {
        "scalar": np.array(2.5, dtype=np.float32),
        "empty": np.zeros((0, 3), dtype=np.float32),
        "four dimensions": np.arange(24, dtype=np.float32).reshape(2, 3, 1, 4),
        "Zürich \"quoted\"\n\\": np.array([1.0, -0.0, 1e-45, 3.4028235e38], dtype=np.float32),
    }


FILES = {
    "perceptrons": (perceptrons, None),
    "normalizations": (normalizations, None),
    "residual_network": (residual_network, None),
    "losses": (losses, None),
    "penalties": (penalties, None),
    "optimizers": (optimizers, None),
    # One entry only: the package writes several in random order.
    "container": (container, {"note": "Ümläute, \"quotes\"\tand a tab"}),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    different = []
    for name, (make, metadata) in FILES.items():
        contents = save(make(), metadata=metadata)
        path = FIXTURES / f"{name}.safetensors"
        if arguments.check:
            if not path.exists() or path.read_bytes() != contents:
                different.append(path.name)
        else:
            FIXTURES.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents)
            print(f"{path.name}: {len(contents)} bytes")
    if different:
        sys.exit(f"These fixtures differ from what PyTorch computes: {', '.join(different)}")


if __name__ == "__main__":
    main()
