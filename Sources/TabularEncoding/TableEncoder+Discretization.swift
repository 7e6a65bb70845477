// SPDX-License-Identifier: Apache-2.0

extension TableEncoder {
  /// Makes generated rows like those that `transform` makes: of each one-hot span the largest
  /// element becomes 1 and the others 0, and positions that are then not read become 0. What they
  /// decode to stays the same. O(rows x width).
  ///
  /// - Parameters:
  ///   - rows: the first of `count` rows of ``width`` floats, `stride` floats apart.
  public func discretize(_ rows: UnsafeMutableBufferPointer<Float>, count: Int, stride: Int) {
    precondition(
      count == 0 || width == 0 || stride >= width && rows.count >= (count - 1) * stride + width)
    guard let base = rows.baseAddress else { return }
    let oneHot = spans.filter { $0.activation == .softmax }
    let remainders = remainders
    for row in 0..<count {
      let values = base + row * stride
      for span in oneHot {
        let location = values + span.offset
        let category = UnsafePointer(location).indexOfLargest(span.width)
        location.update(repeating: 0, count: span.width)
        location[category] = 1
      }
      for part in remainders where values[part.category] == 0 {
        (values + part.positions.lowerBound).update(repeating: 0, count: part.positions.count)
      }
    }
  }

  /// The positions that are read only where the category at another position is the row's.
  private var remainders: [(category: Int, positions: Range<Int>)] {
    zip(columns, offsets).compactMap { column, offset in
      guard case .mixed(let mixed) = column.encoder, let category = mixed.remainderCategory else {
        return nil
      }
      let (oneHot, last) = (mixed.spans[0], mixed.spans[mixed.spans.count - 1])
      return (offset + category, offset + oneHot.width..<offset + last.offset + last.width)
    }
  }
}
