// SPDX-License-Identifier: Apache-2.0

/// The instructions of the kernels' algorithms for 16 elements, counted line by line in
/// CKernels/src/kernels/generic: one for each operation of the vector vocabulary, a comparison and
/// what is selected by it two, the exclusive or of three words one. Loads and stores count as
/// traffic.
extension InstructionCount {
  // MARK: Functions

  /// Reduction 5 (1 product, 2 FMAs), polynomial 8 (7), power of two 2.
  private static let expNormal = InstructionCount(multiplies: 10, all: 15)
  /// Infinity, zero and NaN are selected at the end.
  static let exp = expNormal + InstructionCount(all: 5)
  private static let expNegative = expNormal + InstructionCount(all: 4)

  /// Reduction 6, polynomial 11 (all products and FMAs), exponent and square 4 (3).
  private static let logNormal = InstructionCount(multiplies: 14, all: 21)
  static let log = logNormal + InstructionCount(all: 6)

  /// An odd polynomial 7 (all), 1 - 2 / (exp 2a + 1) 6, sign, choice and NaN 7.
  static let tanh = expNormal + InstructionCount(multiplies: 7, divisions: 1, all: 20)

  // MARK: Activations and their derivatives by the output

  static let leaky = InstructionCount(multiplies: 1, all: 3)
  static let sigmoid = exp + InstructionCount(divisions: 1, all: 3)
  /// exp(x) - 1 = tanh(x / 2) (exp(x) + 1), scaled, or the scaled x.
  static let selu = tanh + exp + InstructionCount(multiplies: 4, all: 7)
  static let leakyDerivative = InstructionCount(multiplies: 1, all: 3)
  static let tanhDerivative = InstructionCount(multiplies: 2, all: 3)
  static let sigmoidDerivative = InstructionCount(multiplies: 2, all: 3)
  static let seluDerivative = InstructionCount(multiplies: 1, all: 4)

  // MARK: Random numbers

  /// Half of what eight counters take: ten rounds of 2 products, 2 shifts and 2 exclusive ors, the
  /// counters, and putting the words in order; then 6 to a uniform number.
  static let uniform = InstructionCount(multiplies: 1, wideMultiplies: 10, all: 40)
  static let gumbel = uniform + logNormal * 2 + InstructionCount(all: 2)
  /// Half of a logarithm, a root, sine and cosine (26, 13 of them products and FMAs), 3 products
  /// and 4 shuffles.
  static let normal =
    uniform + logNormal * 0.5 + InstructionCount(multiplies: 8, roots: 0.5, all: 17)

  // MARK: Softmax

  /// Maximum, difference, temperature, exp, sum and product; a division for each span, of which 16
  /// could share a vector.
  static func softmax(width: Int) -> InstructionCount {
    expNegative
      + InstructionCount(multiplies: 2, divisions: 1 / Double(width), all: 5 + 1 / Double(width))
  }
  static let softmaxBackward = InstructionCount(multiplies: 3, all: 4)

  // MARK: Optimizers

  static let adam = InstructionCount(multiplies: 7, divisions: 1, roots: 1, all: 11)
  static let rmsprop = InstructionCount(multiplies: 5, divisions: 1, roots: 1, all: 9)

  // MARK: Conversions

  /// To the nearest even, NaN apart.
  static let narrowing = InstructionCount(all: 10)
  static let widening = InstructionCount(all: 2)
}
