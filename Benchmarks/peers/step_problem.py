# SPDX-License-Identifier: Apache-2.0
"""What every framework's training step has in common: constants, and the file of the problem."""

import json

LEARNING_RATE, BETA1, BETA2, EPSILON = 2e-4, 0.5, 0.999, 1e-8
SLOPE, PENALTY = 0.2, 10.0


def read_tensors(path):
    """The tensors of a safetensors file of 32-bit floats by name."""
    import numpy

    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    return {
        name: numpy.frombuffer(data[slice(*entry["data_offsets"])], "<f4")
        .reshape(entry["shape"]).copy()
        for name, entry in header.items()
    }


def layers_of(tensors, network):
    """Weight and bias of each layer."""
    return [(tensors[f"{network}.{i}.weight"], tensors[f"{network}.{i}.bias"]) for i in range(3)]
