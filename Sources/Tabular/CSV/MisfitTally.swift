/// The fields of a column that did not fit its type.
struct MisfitTally: Sendable {
  /// A field with where it stands first.
  struct Misfit: Sendable {
    var text: [UInt8]
    var count: Int
    var record: Int
    var line: Int
  }

  /// Texts that are kept apart.
  private static let mostTexts = 64
  private static let longestText = 120

  private(set) var count = 0
  /// The first texts, in the order of their first appearance.
  private(set) var texts: [Misfit] = []
  private var places: [[UInt8]: Int] = [:]
  /// Whether there were more texts than are kept: counts are then too small.
  private(set) var isOverflowing = false

  var first: Misfit? { texts.first }

  mutating func note(_ field: UnsafeBufferPointer<UInt8>, record: Int, line: Int) {
    add(Misfit(text: Array(field.prefix(Self.longestText)), count: 1, record: record, line: line))
  }

  /// Adds those of the rows behind, whose records and lines are counted from there.
  mutating func add(_ other: MisfitTally) {
    isOverflowing = isOverflowing || other.isOverflowing
    for misfit in other.texts { add(misfit) }
    count += other.count - other.texts.reduce(0) { $0 + $1.count }
  }

  mutating func moveDown(records: Int, lines: Int) {
    for i in texts.indices {
      texts[i].record += records
      texts[i].line += lines
    }
  }

  private mutating func add(_ misfit: Misfit) {
    count += misfit.count
    if let place = places[misfit.text] {
      texts[place].count += misfit.count
    } else if texts.count < Self.mostTexts {
      places[misfit.text] = texts.count
      texts.append(misfit)
    } else {
      isOverflowing = true
    }
  }
}
