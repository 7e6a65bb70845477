// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Mutates a safetensors file: its header as JSON or as bytes, its length, its numbers.
struct TensorMutator {
  private let header: JSONMutator
  private let data: [UInt8]
  private static let headerBytes = ByteMutator(Tokens.json)

  init(_ file: [UInt8]) {
    guard file.count >= 8 else {
      (header, data) = (JSONMutator(Array("{}".utf8)), [])
      return
    }
    let size = file.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
    header = JSONMutator(Array(file[8..<8 + size]))
    data = Array(file[(8 + size)...])
  }

  func mutated(_ random: inout FuzzRandom) -> [UInt8] {
    var (text, data) = (header.text, data)
    switch random.below(5) {
    case 0, 1: text = header.mutated(&random)
    case 2: text = Self.headerBytes.mutated(text, &random)
    default:
      let values: [Float] = [
        .nan, .infinity, -.infinity, 3e38, -3e38, 1e-45, 0, 1e20, -1e20, -1, 1e10,
      ]
      for _ in 0...random.below(20) where data.count >= 4 {
        let index = random.below(data.count / 4) * 4
        let value = random.pick(values)
        data.withUnsafeMutableBytes {
          $0.storeBytes(of: value, toByteOffset: index, as: Float.self)
        }
      }
    }
    if random.once(in: 10) { data.removeLast(random.below(data.count + 1)) }
    if random.once(in: 10) { data += [UInt8](repeating: 0, count: random.below(4096)) }
    var length = UInt64(text.count)
    if random.once(in: 20) {
      length = random.pick([
        0, 7, length &+ 1, 100_000_000, 100_000_001, 1 << 63, .max, UInt64(Int.max),
      ])
    }
    return withUnsafeBytes(of: length.littleEndian) { Array($0) } + text + data
  }
}
