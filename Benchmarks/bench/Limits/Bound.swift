// SPDX-License-Identifier: Apache-2.0

/// What limits an operation at a shape: the multiply-adds of a product, moving the operands, or the
/// instructions between.
enum Bound: String, Codable {
  case arithmetic
  case memory
  case instructions
}
