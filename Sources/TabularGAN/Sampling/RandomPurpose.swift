// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Keeps the Philox streams of a run apart: the same seed gives unrelated numbers for each use.
enum RandomPurpose: UInt32 {
  case discriminatorNoise = 1
  case discriminatorGumbel, generatorNoise, generatorGumbel, interpolation, samplingNoise,
    samplingGumbel

  func stream(seed: UInt64, step: UInt64) -> RandomStream {
    RandomStream(seed: seed, purpose: rawValue, step: step)
  }
}
