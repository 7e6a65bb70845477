extension TableEncoder {
  /// Makes generated rows like those that `transform` makes: of each one-hot span the largest
  /// element becomes 1 and the others 0, and positions that are then not read become 0. What they
  /// decode to stays the same. O(rows x width).
  ///
  /// - Parameters:
  ///   - rows: the first of `count` rows of ``width`` floats, `stride` floats apart.
  public func settle(_ rows: UnsafeMutableBufferPointer<Float>, count: Int, stride: Int) {
    precondition(
      count == 0 || width == 0 || stride >= width && rows.count >= (count - 1) * stride + width)
    guard let base = rows.baseAddress else { return }
    let oneHot = spans.filter { $0.activation == .softmax }
    let remainders = remainders
    for row in 0..<count {
      let values = base + row * stride
      for span in oneHot {
        let place = values + span.offset
        let level = UnsafePointer(place).indexOfLargest(span.width)
        place.update(repeating: 0, count: span.width)
        place[level] = 1
      }
      for part in remainders where values[part.level] == 0 {
        (values + part.positions.lowerBound).update(repeating: 0, count: part.positions.count)
      }
    }
  }

  /// The positions that are read only where the level at another position is the row's.
  private var remainders: [(level: Int, positions: Range<Int>)] {
    zip(columns, offsets).compactMap { column, offset in
      guard case .mixed(let mixed) = column.encoder, let level = mixed.remainderLevel else {
        return nil
      }
      let (oneHot, last) = (mixed.spans[0], mixed.spans[mixed.spans.count - 1])
      return (offset + level, offset + oneHot.width..<offset + last.offset + last.width)
    }
  }
}
