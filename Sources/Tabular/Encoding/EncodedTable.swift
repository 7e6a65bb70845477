/// A table as a network sees it, held compactly: one `Float` for each scalar span and one integer
/// code for each one-hot span. A one-hot vector exists only in the batch that is being trained on.
public struct EncodedTable: Sendable {
  public enum Block: Sendable {
    /// A span of width 1.
    case scalar([Float])
    /// A softmax span: the index of the level in 0..<width.
    case code([UInt16])
  }
  public let spans: [OutputSpan]
  /// `blocks[i]` belongs to `spans[i]`.
  public let blocks: [Block]
  public let rowCount: Int

  /// Positions of one encoded row.
  public var width: Int { spans.last.map { $0.offset + $0.width } ?? 0 }

  public init(spans: [OutputSpan], blocks: [Block], rowCount: Int) {
    precondition(spans.count == blocks.count)
    self.spans = spans
    self.blocks = blocks
    self.rowCount = rowCount
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
      }
    }
  }
}
