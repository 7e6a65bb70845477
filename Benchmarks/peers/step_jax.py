# SPDX-License-Identifier: Apache-2.0
"""The training step of `bench train` in JAX: one jitted function that is given its buffers."""

import os

from step_problem import BETA1, BETA2, EPSILON, LEARNING_RATE, PENALTY, SLOPE, layers_of


def set_up(threads):
    # XLA's pool has a thread for each processor that the process may use when it starts.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax

    jax.devices()
    return jax.__version__


def make_step(objective):
    import jax
    import jax.numpy as jnp

    def leaky(x):
        return jax.nn.leaky_relu(x, SLOPE)

    def generator(weights, noise):
        (w1, b1), (w2, b2), (w3, b3) = weights
        hidden = jax.nn.relu(jax.nn.relu(noise @ w1 + b1) @ w2 + b2)
        return jnp.tanh(hidden @ w3 + b3)

    def discriminator(weights, packs):
        (w1, b1), (w2, b2), (w3, b3) = weights
        return leaky(leaky(packs @ w1 + b1) @ w2 + b2) @ w3 + b3

    def generator_loss(scores):
        return jax.nn.softplus(-scores).mean() if objective == "bce" else -scores.mean()

    def discriminator_loss(weights, real, generated, alphas):
        upper, lower = jnp.split(discriminator(weights, jnp.concatenate([real, generated])), 2)
        if objective == "bce":
            return jax.nn.softplus(-upper).mean() + jax.nn.softplus(lower).mean()
        points = generated + alphas * (real - generated)
        gradient = jax.grad(lambda x: discriminator(weights, x).sum())(points)
        norms = jnp.sqrt((gradient * gradient).sum(axis=1))
        return lower.mean() - upper.mean() + PENALTY * jnp.square(norms - 1).mean()

    def adam(state, gradients, count):
        weights, first, second = state
        rate = LEARNING_RATE / (1 - BETA1**count)
        root = jnp.sqrt(1 - BETA2**count)
        first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradients)
        second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradients)
        weights = jax.tree.map(
            lambda w, m, v: w - rate * m / (jnp.sqrt(v) / root + EPSILON), weights, first, second)
        return weights, first, second

    def step(of_generator, of_discriminator, count, noise, real, alphas):
        count = count + 1
        # The generator runs once: its rows for the discriminator, its pullback for its own step.
        generated, pull = jax.vjp(
            lambda weights: generator(weights, noise).reshape(real.shape), of_generator[0])
        loss, gradients = jax.value_and_grad(discriminator_loss)(
            of_discriminator[0], real, generated, alphas)
        of_discriminator = adam(of_discriminator, gradients, count)
        fooled, by_fake = jax.value_and_grad(
            lambda rows: generator_loss(discriminator(of_discriminator[0], rows)))(generated)
        (gradients,) = pull(by_fake)
        of_generator = adam(of_generator, gradients, count)
        return of_generator, of_discriminator, count, loss, fooled

    return jax.jit(step, donate_argnums=(0, 1, 2))


class Step:
    def __init__(self, objective, tensors):
        import jax.numpy as jnp

        self.inputs = [jnp.asarray(tensors[name]) for name in ("noise", "real", "alphas")]
        # Weights as inputs x outputs, JAX's custom.
        self.initial = [
            [(weight.T.copy(), bias) for weight, bias in layers_of(tensors, name)]
            for name in ("generator", "discriminator")
        ]
        self.compiled = make_step(objective)
        self.reset()
        self.run(1)
        self.reset()

    def reset(self):
        import jax
        import jax.numpy as jnp

        self.state = []
        for initial in self.initial:
            weights = jax.tree.map(lambda value: jnp.array(value, copy=True), initial)
            self.state.append(
                (weights, *(jax.tree.map(jnp.zeros_like, weights) for _ in range(2))))
        self.count = jnp.zeros(())

    def step(self):
        *self.state, self.count, loss, fooled = self.compiled(
            *self.state, self.count, *self.inputs)
        return loss, fooled

    def run_and_read(self):
        return [float(loss) for loss in self.step()]

    def run(self, count):
        import jax

        for _ in range(count):
            self.step()
        jax.block_until_ready((self.state, self.count))
