// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// Dynamic loss scaling (Micikevicius and others, "Mixed Precision Training", 2018, section 3.2):
/// gradients below the range of half precision would be lost, so the loss is multiplied by as large
/// a factor as the range allows and the gradients are divided by it before the optimizer's step.
///
/// The numbers are those of PyTorch's `GradScaler`: 2^16 at first, twice as much after 2000 steps
/// without overflow, half of it after a step with one, which is skipped. Factors are powers of two,
/// so that scaling rounds nothing.
public struct LossScale: Sendable, Equatable, Codable {
  /// What the loss is multiplied by.
  public private(set) var factor: Float
  /// Steps without overflow since the factor last changed.
  public private(set) var cleanSteps = 0
  /// Steps that were skipped in all.
  public private(set) var skippedSteps = 0

  static let growthInterval = 2000
  /// More steps than a machine can perform.
  private static let maxSteps = 1 << 56
  /// Beyond, gradients in single precision would come near their own range.
  static let largestFactor: Float = 0x1p32

  /// - Precondition: `initial` is a power of two.
  public init(initial: Float = 0x1p16) {
    precondition(initial.isFinite && initial > 0 && initial.significand == 1)
    factor = initial
  }

  /// Decodes a scale and rejects one that no run can have reached.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    factor = try container.decode(Float.self, forKey: .factor)
    cleanSteps = try container.decode(Int.self, forKey: .cleanSteps)
    skippedSteps = try container.decode(Int.self, forKey: .skippedSteps)
    guard factor.isFinite, factor == 0 || factor > 0 && factor.significand == 1,
      (0..<Self.growthInterval).contains(cleanSteps), (0...Self.maxSteps).contains(skippedSteps)
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .factor, in: container,
        debugDescription: "a loss's factor is a power of two, and counts of steps are not negative")
    }
  }

  /// A step was taken.
  public mutating func noteCleanStep() {
    cleanSteps += 1
    guard cleanSteps == Self.growthInterval else { return }
    cleanSteps = 0
    factor = min(2 * factor, max(factor, Self.largestFactor))
  }

  /// A step was skipped because a gradient or the loss was not finite.
  public mutating func noteOverflow() {
    cleanSteps = 0
    skippedSteps += 1
    factor /= 2
  }

  /// Divides all gradients by `factor`.
  ///
  /// - Returns: whether all of them are finite.
  /// - Complexity: one pass over the gradients.
  public static func unscale(_ parameters: [Parameter], by factor: Float) -> Bool {
    let inverse = 1 / factor
    // What is not finite differs from itself by NaN.
    var differences = SIMD16<Float>(repeating: 0)
    for parameter in parameters {
      let columns = parameter.gradient.columns
      parameter.gradient.forEachRow { _, g in
        var j = 0
        while j + 16 <= columns {
          let address = UnsafeMutableRawPointer(g + j)
          let scaled = address.loadUnaligned(as: SIMD16<Float>.self) * inverse
          address.storeBytes(of: scaled, as: SIMD16<Float>.self)
          differences += scaled - scaled
          j += 16
        }
        while j < columns {
          g[j] *= inverse
          differences[0] += g[j] - g[j]
          j += 1
        }
      }
    }
    return differences.sum() == 0
  }
}
