// SPDX-License-Identifier: Apache-2.0

/// A table as a network sees it, held compactly: one `Float` for each scalar span and one integer
/// code, of a byte where it fits, for each one-hot span. A one-hot vector exists only in the batch
/// that is being trained on.
public struct EncodedTable: Sendable {
  /// The values of one span in all rows.
  public enum Block: Sendable {
    /// A span of width 1.
    case scalar([Float])
    /// A softmax span: the index of the category in 0..<width.
    case code([UInt16])
    /// The same where there is no greater index than 255.
    case byte([UInt8])

    /// The same block in the least memory. O(rows).
    var compact: Block {
      guard case .code(let codes) = self, codes.allSatisfy({ $0 <= 255 }) else { return self }
      return .byte(codes.map { UInt8($0) })
    }

    /// The indices of the categories; nil for a scalar. O(rows) where they are bytes.
    public var codes: [UInt16]? {
      switch self {
      case .scalar: nil
      case .code(let codes): codes
      case .byte(let codes): codes.map { UInt16($0) }
      }
    }
  }
  /// The spans of an encoded row, side by side in the order of their positions.
  public let spans: [OutputSpan]
  /// `blocks[i]` belongs to `spans[i]`.
  public let blocks: [Block]
  /// The number of rows, the same in all blocks.
  public let rowCount: Int

  /// Positions of one encoded row.
  public var width: Int { spans.last.map { $0.offset + $0.width } ?? 0 }

  /// A table of `rowCount` rows.
  ///
  /// - Precondition: there is one block for each span.
  public init(spans: [OutputSpan], blocks: [Block], rowCount: Int) {
    precondition(spans.count == blocks.count)
    self.spans = spans
    self.blocks = blocks
    self.rowCount = rowCount
  }

  /// Entries of one encoded row that are not always zero: one for each span.
  public var entriesPerRow: Int { spans.count }

  /// Writes the entries of `rows` in ascending order of their position, row after row at a distance
  /// of `stride` entries, to `positions` and `values`, which must hold all of them. O(rows x
  /// spans).
  ///
  /// - Parameter first: what is added to the positions.
  public func writeEntries(
    rows: ArraySlice<Int>, positions: UnsafeMutableBufferPointer<Int32>,
    values: UnsafeMutableBufferPointer<Float>, stride: Int, first: Int
  ) {
    let needed = (rows.count - 1) * stride + entriesPerRow
    precondition(
      rows.isEmpty
        || stride >= entriesPerRow && positions.count >= needed
          && values.count >= needed
    )
    for (s, (span, block)) in zip(spans, blocks).enumerated() {
      let start = Int32(first + span.offset)
      switch block {
      case .scalar(let scalars):
        for (i, row) in rows.enumerated() {
          positions[i * stride + s] = start
          values[i * stride + s] = scalars[row]
        }
      case .code(let codes):
        for (i, row) in rows.enumerated() {
          positions[i * stride + s] = start + Int32(codes[row])
          values[i * stride + s] = 1
        }
      case .byte(let codes):
        for (i, row) in rows.enumerated() {
          positions[i * stride + s] = start + Int32(codes[row])
          values[i * stride + s] = 1
        }
      }
    }
  }

  /// Writes the dense form of `rows`, row after row at a distance of `stride` floats, to
  /// `destination`, which must hold all of them. O(rows x width).
  public func expand(
    rows: ArraySlice<Int>, into destination: UnsafeMutableBufferPointer<Float>, stride: Int
  ) {
    precondition(
      rows.isEmpty || stride >= width && destination.count >= (rows.count - 1) * stride + width)
    for i in 0..<rows.count {
      destination[i * stride..<i * stride + width].update(repeating: 0)
    }
    for (span, block) in zip(spans, blocks) {
      switch block {
      case .scalar(let values):
        for (i, row) in rows.enumerated() { destination[i * stride + span.offset] = values[row] }
      case .code(let codes):
        for (i, row) in rows.enumerated() {
          destination[i * stride + span.offset + Int(codes[row])] = 1
        }
      case .byte(let codes):
        for (i, row) in rows.enumerated() {
          destination[i * stride + span.offset + Int(codes[row])] = 1
        }
      }
    }
  }
}
