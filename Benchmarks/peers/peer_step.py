#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the training step of `bench train` in another framework, on request.

A request is a line on standard input and is answered by one on standard output (see
Benchmarks/bench/Steps/StepPeer.swift):

    cell OBJECTIVE HIDDEN BATCH FILE   ->  ready
    losses STEPS                       ->  losses D G D G ...   from the initial weights
    sample LEAD STEPS                  ->  seconds S            LEAD steps do not count

or by `error TEXT`. FILE is a safetensors file with the batch and the initial weights.

usage: peer_step.py --framework torch-eager|torch-compile|jax [--threads N]
"""

import argparse
import glob
import importlib.util
import os
import sys
import time

import step_problem


def rest():
    """Waits, a second at most, until the threads of this process have stopped spinning."""
    end = time.monotonic() + 1
    while time.monotonic() < end:
        start, work = time.monotonic(), time.process_time()
        time.sleep(0.002)
        if time.process_time() - work < (time.monotonic() - start) / 5:
            return


def on_one_runtime():
    """Restarts this script with PyTorch's OpenMP runtime loaded before everything else.

    What torch.compile makes is linked to the compiler's own OpenMP: two pools of spinning threads
    would take the processors from each other, and a step would take several times as long.
    """
    spec = importlib.util.find_spec("torch")
    if spec is None or os.environ.get("LD_PRELOAD"):
        return
    package = os.path.dirname(spec.origin)
    runtimes = glob.glob(package + "/lib/libgomp*") + glob.glob(package + ".libs/libgomp*")
    if runtimes:
        os.execve(sys.executable, [sys.executable, *sys.argv],
                  {**os.environ, "LD_PRELOAD": runtimes[0]})


def framework(name, threads):
    """The class of steps of a framework, and the framework's version."""
    if name == "jax":
        import step_jax

        return step_jax.Step, step_jax.set_up(threads)
    import step_torch

    steps = {"torch-eager": step_torch.EagerStep, "torch-compile": step_torch.CompiledStep}
    return steps[name], step_torch.set_up(threads)


def serve(make_step, requests, answer):
    step = None
    for line in requests:
        words = line.split()
        if words[0] == "cell":
            step = None
            objective, _, _, path = words[1:]
            step = make_step(objective, step_problem.read_tensors(path))
            answer("ready")
        elif words[0] == "losses":
            step.reset()
            losses = [loss for _ in range(int(words[1])) for loss in step.run_and_read()]
            answer("losses " + " ".join(repr(loss) for loss in losses))
        elif words[0] == "sample":
            step.run(int(words[1]))
            start = time.perf_counter()
            step.run(int(words[2]))
            seconds = time.perf_counter() - start
            rest()
            answer(f"seconds {seconds!r}")
        else:
            raise ValueError(f"no request is called {words[0]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--framework", required=True, choices=["torch-eager", "torch-compile", "jax"])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()

    if arguments.framework != "jax":
        on_one_runtime()
    # Libraries write to standard output as well: the answers keep it to themselves.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(text):
        answers.write(text.replace("\n", " ") + "\n")

    try:
        make_step, version = framework(arguments.framework, arguments.threads)
        answer(f"peer {version}")
        serve(make_step, sys.stdin, answer)
    except BrokenPipeError:
        # The bench has ended: nobody is left to answer.
        os._exit(1)
    except Exception as error:
        answer(f"error {type(error).__name__}: {error}")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
