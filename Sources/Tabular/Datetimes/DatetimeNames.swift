// SPDX-License-Identifier: Apache-2.0

/// The English names of months and weekdays, and of the halves of a day.
enum DatetimeNames {
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  /// Starting with Monday.
  static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// Number of letters of a short name.
  static let shortLength = 3

  /// The index of the name, in any letter case, at `start` in `bytes`; nil if there is none.
  static func index(
    of names: [String], isFull: Bool, in bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (index: Int, length: Int)? {
    for (index, name) in names.enumerated() {
      let length = isFull ? name.utf8.count : shortLength
      guard start + length <= bytes.count else { continue }
      let matches = zip(name.utf8.prefix(length), bytes[start..<start + length]).allSatisfy {
        $0 | 0x20 == $1 | 0x20
      }
      if matches { return (index, length) }
    }
    return nil
  }

  /// A name in the column's form and letter case.
  static func text(
    _ name: String, isFull: Bool, letterCase: DatetimeFormat.LetterCase
  ) -> String {
    let text = isFull ? name : String(name.prefix(shortLength))
    return switch letterCase {
    case .title: text
    case .upper: text.uppercased()
    case .lower: text.lowercased()
    }
  }
}
