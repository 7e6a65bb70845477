// SPDX-License-Identifier: Apache-2.0

/// Reads times from texts in any supported format, for columns that a reader kept as text.
public enum DatetimeTexts {
  /// Formats tried one after the other, each on the texts that the formats before it do not read.
  private static let maxFormats = 8
  /// Texts from which a format is inferred.
  private static let sampleSize = 2000

  /// The time of each text in seconds since 1970-01-01 00:00, offsets from UTC subtracted; NaN if
  /// the text is not a time. Blanks around a text are ignored. O(texts), at most 8 formats each.
  public static func times(_ texts: [String]) -> [Double] {
    var times = [Double](repeating: .nan, count: texts.count)
    let fields = texts.map { ColumnTyping.trimmed(Array($0.utf8)) }
    var left = Array(texts.indices)
    for _ in 0..<maxFormats where !left.isEmpty {
      let step = max(1, left.count / sampleSize)
      let sample = stride(from: 0, to: left.count, by: step).map { fields[left[$0]] }
      guard let found = DatetimeInference.find(sample),
        let pattern = DatetimePattern(found.format)
      else { break }
      var unread: [Int] = []
      for index in left {
        if let time = time(fields[index], pattern) {
          times[index] = time
        } else {
          unread.append(index)
        }
      }
      if unread.count == left.count { break }
      left = unread
    }
    return times
  }

  private static func time(_ field: [UInt8], _ pattern: DatetimePattern) -> Double? {
    field.withUnsafeBufferPointer { bytes in
      var zone: Range<Int>?
      guard let time = pattern.parse(bytes, zone: &zone) else { return nil }
      let offset = zone.flatMap {
        TimeZoneText.seconds(String(decoding: bytes[$0], as: UTF8.self))
      }
      return time - Double(offset ?? 0)
    }
  }
}
