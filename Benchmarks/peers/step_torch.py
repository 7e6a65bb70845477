# SPDX-License-Identifier: Apache-2.0
"""The training step of `bench train` in PyTorch: eager, and as one compiled function."""

import time

import torch
from torch.nn.functional import leaky_relu, linear, softplus

from step_problem import BETA1, BETA2, EPSILON, LEARNING_RATE, PENALTY, SLOPE, layers_of


def set_up(threads):
    torch.set_num_threads(threads)
    return torch.__version__


def generator(weights, noise):
    (w1, b1), (w2, b2), (w3, b3) = weights
    return torch.tanh(linear(torch.relu(linear(torch.relu(linear(noise, w1, b1)), w2, b2)), w3, b3))


def discriminator(weights, packs):
    (w1, b1), (w2, b2), (w3, b3) = weights
    first = leaky_relu(linear(packs, w1, b1), SLOPE)
    return linear(leaky_relu(linear(first, w2, b2), SLOPE), w3, b3)


def pairs(flat):
    return list(zip(flat[0::2], flat[1::2]))


def game(objective, scores):
    """The discriminator's loss less the penalty."""
    real, generated = scores.chunk(2)
    if objective == "bce":
        return softplus(-real).mean() + softplus(generated).mean()
    return generated.mean() - real.mean()


def generator_loss(objective, scores):
    return softplus(-scores).mean() if objective == "bce" else -scores.mean()


def interpolates(real, generated, alphas):
    return torch.lerp(generated, real, alphas)


def penalty_of(gradient):
    return PENALTY * (gradient.norm(dim=1) - 1).square().mean()


class Step:
    """What both kinds share: the batch and the initial weights."""

    def __init__(self, objective, tensors):
        self.objective = objective
        tensors = {name: torch.from_numpy(value) for name, value in tensors.items()}
        self.noise, self.real, self.alphas = (tensors[n] for n in ("noise", "real", "alphas"))
        self.initial = [
            [tensor for layer in layers_of(tensors, name) for tensor in layer]
            for name in ("generator", "discriminator")
        ]

    def fresh(self, network):
        return [tensor.clone() for tensor in self.initial[network]]

    def run_and_read(self):
        return [float(loss) for loss in self.step()]

    def run(self, count):
        for _ in range(count):
            self.step()


class EagerStep(Step):
    """Plain autograd, with the faster of the two implementations of Adam that PyTorch has."""

    def __init__(self, objective, tensors):
        super().__init__(objective, tensors)
        self.optimizer_options = {"foreach": True}
        times = []
        for options in ({"foreach": True}, {"fused": True}):
            self.optimizer_options = options
            self.reset()
            self.run(2)
            start = time.perf_counter()
            self.run(3)
            times.append((time.perf_counter() - start, options))
        self.optimizer_options = min(times, key=lambda item: item[0])[1]
        self.reset()

    def reset(self):
        self.generator, self.discriminator = (
            [tensor.requires_grad_() for tensor in self.fresh(network)] for network in (0, 1))
        self.optimizers = [
            torch.optim.Adam(weights, LEARNING_RATE, (BETA1, BETA2), EPSILON,
                             **self.optimizer_options)
            for weights in (self.generator, self.discriminator)
        ]

    def step(self):
        of_generator, of_discriminator = self.optimizers
        generated = generator(pairs(self.generator), self.noise).view(self.real.shape)
        seen = generated.detach()

        loss = game(self.objective,
                    discriminator(pairs(self.discriminator), torch.cat([self.real, seen])))
        if self.objective == "wgan-gp":
            points = interpolates(self.real, seen, self.alphas).requires_grad_()
            (gradient,) = torch.autograd.grad(
                discriminator(pairs(self.discriminator), points).sum(), points, create_graph=True)
            loss = loss + penalty_of(gradient)
        of_discriminator.zero_grad(set_to_none=True)
        loss.backward(inputs=self.discriminator)
        of_discriminator.step()

        # The discriminator's weights need no gradient here: backward asks for the generator's alone.
        fooled = generator_loss(self.objective, discriminator(pairs(self.discriminator), generated))
        of_generator.zero_grad(set_to_none=True)
        fooled.backward(inputs=self.generator)
        of_generator.step()
        return loss.detach(), fooled.detach()


def adam(weights, gradients, first, second, step):
    """Adam in place, as torch.optim.Adam computes it; `step` is a tensor."""
    rate = LEARNING_RATE / (1 - BETA1**step)
    root = (1 - BETA2**step).sqrt()
    for w, g, m, v in zip(weights, gradients, first, second):
        m.lerp_(g, 1 - BETA1)
        v.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
        w.sub_(rate * m / (v.sqrt() / root + EPSILON))


class CompiledStep(Step):
    """The whole step, gradients and Adam included, as one function of torch.compile."""

    def __init__(self, objective, tensors):
        super().__init__(objective, tensors)
        torch._dynamo.reset()
        self.compiled = torch.compile(self.whole_step, fullgraph=True, dynamic=False)
        self.reset()
        self.run(1)
        self.reset()

    def reset(self):
        self.state = []
        for network in (0, 1):
            weights = self.fresh(network)
            zeros = [[torch.zeros_like(w) for w in weights] for _ in range(2)]
            self.state.append((weights, *zeros))
        self.count = torch.zeros(())

    def whole_step(self, state, count, noise, real, alphas):
        objective = self.objective
        of_generator, of_discriminator = state
        count.add_(1)

        # The generator runs once: its rows for the discriminator, its pullback for its own step.
        seen, pull = torch.func.vjp(
            lambda weights: generator(pairs(weights), noise).view(real.shape), of_generator[0])

        def loss_of(weights):
            loss = game(objective, discriminator(pairs(weights), torch.cat([real, seen])))
            if objective == "wgan-gp":
                gradient = torch.func.grad(
                    lambda points: discriminator(pairs(weights), points).sum())(
                        interpolates(real, seen, alphas))
                loss = loss + penalty_of(gradient)
            return loss

        gradients, loss = torch.func.grad_and_value(loss_of)(of_discriminator[0])
        adam(of_discriminator[0], gradients, of_discriminator[1], of_discriminator[2], count)
        by_fake, fooled = torch.func.grad_and_value(
            lambda rows: generator_loss(
                objective, discriminator(pairs(of_discriminator[0]), rows)))(seen)
        (gradients,) = pull(by_fake)
        adam(of_generator[0], gradients, of_generator[1], of_generator[2], count)
        return loss, fooled

    def step(self):
        with torch.no_grad():
            return self.compiled(self.state, self.count, self.noise, self.real, self.alphas)
