// SPDX-License-Identifier: Apache-2.0

/// What a kernel asks of the vector units for one call, in operations on 16 lanes: the least that
/// its algorithm needs with every lane full.
///
/// A level whose vectors are shorter takes as many instructions as 16 lanes are vectors of its.
/// Each count is a lower bound of the time: of the units that multiply, of those that multiply to
/// 64 bits, of the one that divides and takes roots, and of all vector units together.
struct InstructionCount {
  /// Fused multiply-adds and products.
  var multiplies = 0.0
  /// Products of 32-bit words to 64 bits.
  var wideMultiplies = 0.0
  var divisions = 0.0
  var roots = 0.0
  /// All of them, with additions, comparisons, selections, shifts, conversions and shuffles.
  var all = 0.0

  static func + (a: InstructionCount, b: InstructionCount) -> InstructionCount {
    InstructionCount(
      multiplies: a.multiplies + b.multiplies,
      wideMultiplies: a.wideMultiplies + b.wideMultiplies,
      divisions: a.divisions + b.divisions, roots: a.roots + b.roots, all: a.all + b.all)
  }

  static func * (a: InstructionCount, factor: Double) -> InstructionCount {
    InstructionCount(
      multiplies: a.multiplies * factor, wideMultiplies: a.wideMultiplies * factor,
      divisions: a.divisions * factor, roots: a.roots * factor, all: a.all * factor)
  }

  /// For `count` elements, of which 16 take these instructions.
  func over(elements count: Int) -> InstructionCount { self * (Double(count) / 16) }
}
