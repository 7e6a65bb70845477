// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation

/// Filling a matrix from a stream of random numbers.
enum RandomOperation: String, CaseIterable {
  case uniform = "random_uniform_f32"
  case normal = "random_normal_f32"
  case gumbel = "random_gumbel_f32"

  private var instructions: InstructionCount {
    switch self {
    case .uniform: return .uniform
    case .normal: return .normal
    case .gumbel: return .gumbel
    }
  }

  static var cases: [KernelCase] {
    [(500, 128, false), (8192, 512, true)].flatMap { rows, columns, onlyInFull in
      allCases.map { operation in
        KernelCase(
          operation: operation.rawValue, kernels: [operation.rawValue],
          shape: "\(rows)x\(columns)", operations: nil, bytes: 4 * Double(rows * columns),
          instructions: operation.instructions.over(elements: rows * columns), bound: .memory,
          onlyInFull: onlyInFull
        ) {
          PreparedRandom(operation, rows: rows, columns: columns)
        }
      }
    }
  }
}

private final class PreparedRandom: PreparedCase {
  private static let stream = ck_random_stream(seed: 0x1234_5678_9ABC, step: 11, purpose: 2)

  private let operation: RandomOperation
  private let rows, columns: Int64
  private let y: FloatBuffer

  init(_ operation: RandomOperation, rows: Int, columns: Int) {
    self.operation = operation
    (self.rows, self.columns) = (Int64(rows), Int64(columns))
    y = FloatBuffer(count: rows * columns)
  }

  func bind(to context: BenchContext) -> () throws -> Void {
    { [self] in try check(call(context.pointer), operation.rawValue) }
  }

  private func call(_ context: OpaquePointer) -> ck_status {
    let stream = Self.stream
    switch operation {
    case .uniform:
      return ck_random_uniform_f32(context, rows, columns, stream, 0, y.pointer, columns)
    case .normal:
      return ck_random_normal_f32(context, rows, columns, 0, 1, stream, 0, y.pointer, columns)
    case .gumbel:
      return ck_random_gumbel_f32(context, rows, columns, stream, 0, y.pointer, columns)
    }
  }

  func deviation(on context: BenchContext) throws -> Deviation {
    y.fill(.nan)
    try bind(to: context)()
    let reference = RandomReference(Self.stream)
    var deviation = Deviation(
      bound: operation == .uniform ? 1 : 16,
      unit: operation == .uniform ? "ulp" : "ulp of max(1, |y|)")
    for index in 0..<min(y.count, 1 << 16) {
      let value = y.pointer[index]
      switch operation {
      case .uniform: deviation.includeUlps(value, exact: reference.uniform(index))
      case .normal:
        let exact = reference.normal(index)
        deviation.includeUlps(value, exact: exact, scale: max(1, abs(exact)))
      case .gumbel:
        let exact = reference.gumbel(index)
        deviation.includeUlps(value, exact: exact, scale: max(1, abs(exact)))
      }
    }
    return deviation
  }
}

/// The values of a stream in double precision, by the definition in ck_random.h.
struct RandomReference {
  private let stream: ck_random_stream

  init(_ stream: ck_random_stream) {
    self.stream = stream
  }

  /// Word `index % 4` of Philox block `index / 4`.
  private func word(_ index: Int) -> UInt32 {
    let block = UInt64(index / 4)
    let counter = [
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), stream.purpose,
      UInt32(truncatingIfNeeded: stream.step),
    ]
    let key = [
      UInt32(truncatingIfNeeded: stream.seed), UInt32(truncatingIfNeeded: stream.seed >> 32),
    ]
    var words: [UInt32] = [0, 0, 0, 0]
    ck_philox4x32_10(counter, key, &words)
    return words[index % 4]
  }

  /// The middle of one of 2^24 cells as a float holds it: what the distributions are made of.
  func uniform(_ index: Int) -> Double {
    Double(min((Float(word(index) >> 8) + 0.5) * 0x1p-24, Float(1).nextDown))
  }

  func gumbel(_ index: Int) -> Double { -log(-log(uniform(index))) }

  /// Elements 2j and 2j + 1 are the cosine and the sine of one pair.
  func normal(_ index: Int) -> Double {
    let even = index & ~1
    let radius = (-2 * log(uniform(even))).squareRoot()
    let angle = 2 * Double.pi * uniform(even + 1)
    return radius * (index == even ? cos(angle) : sin(angle))
  }
}
