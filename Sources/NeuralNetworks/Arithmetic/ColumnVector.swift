/// One number per column of a matrix, at a fixed address: loops over it need no closure and no
/// check of uniqueness.
final class ColumnVector<Element: BinaryFloatingPoint> {
  let elements: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int) {
    self.count = count
    elements = .allocate(capacity: count)
    elements.initialize(repeating: 0, count: count)
  }

  deinit {
    elements.deallocate()
  }

  func clear() {
    elements.update(repeating: 0, count: count)
  }
}
