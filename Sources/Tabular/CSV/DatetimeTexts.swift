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

  /// The times of a text column, where all of its texts are times of one format that writes them
  /// back to the letter; nil for other columns. O(texts).
  package static func column(
    codes: [Int32], texts: [String]
  ) -> (values: Numbers, format: DatetimeFormat)? {
    let step = max(1, texts.count / sampleSize)
    let sample = stride(from: 0, to: texts.count, by: step).map { Array(texts[$0].utf8) }
    guard !sample.isEmpty, let found = DatetimeInference.find(sample),
      found.fits == sample.count, found.alternative == nil,
      let pattern = DatetimePattern(found.format), !pattern.hasZone
    else { return nil }
    var times: [Double] = []
    times.reserveCapacity(texts.count)
    var written: [UInt8] = []
    for text in texts {
      let field = Array(text.utf8)
      guard let time = field.withUnsafeBufferPointer({ pattern.parse($0) }) else { return nil }
      written.removeAll(keepingCapacity: true)
      pattern.write(time, to: &written)
      guard written == field else { return nil }
      times.append(time)
    }
    return (Numbers(packing: codes.map { $0 < 0 ? .nan : times[Int($0)] }), found.format)
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
