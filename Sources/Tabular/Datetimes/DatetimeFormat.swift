// SPDX-License-Identifier: Apache-2.0

/// The format of a column's times.
///
/// The pattern consists of Unicode date field symbols (Unicode Technical Standard 35, part 4,
/// section 8) and literal separators, as in "yyyy-MM-dd HH:mm:ss" or "M/d/yy h:mm a":
///
/// | symbols | meaning |
/// |---|---|
/// | `yyyy`, `yy` | year; two-digit years from 69 on are in the 20th century, as in `strptime` |
/// | `MM`, `M`, `MMM`, `MMMM` | month: two digits, unpadded, "Jan", "January" |
/// | `dd`, `d`, `DDD` | day of the month, the same unpadded, three-digit day of the year |
/// | `EEE`, `EEEE` | "Mon", "Monday"; not checked when reading |
/// | `HH`, `H`, `hh`, `h` | 24-hour and 12-hour clock, padded or not |
/// | `a`, `aa` | "AM" and "PM", "A.M." and "P.M." |
/// | `mm`, `ss` | minute, second |
/// | `S` to `SSSSSSSSS` | fraction of a second with that many digits |
/// | `.F` to `.FFFFFFFFF` | fraction without trailing zeros; omitted if it is 0 |
/// | `xxx`, `zzz` | offset from UTC or "Z", name of a time zone; see ``zones`` |
/// | `[...]` | part omitted if all of it is 0: "HH:mm[:ss]" |
/// | `'...'` | literal text; punctuation, `T` and `Z` need no quotes |
///
/// A pattern without a date is a time of day: seconds since midnight.
public struct DatetimeFormat: Sendable, Equatable {
  /// The letter case of a name.
  public enum LetterCase: String, Sendable, Codable {
    /// "Jan", "Am".
    case title
    /// "JAN", "AM".
    case upper
    /// "jan", "am".
    case lower
  }

  /// The text of the time zone from a given day on.
  public struct Zone: Sendable, Codable, Equatable {
    /// The first day it applies to, in days since 1970-01-01.
    public var since: Int
    /// The text for `xxx` or `zzz`, such as "+01:00", "Z" or "EDT".
    public var text: String

    /// Creates a zone from its first day, in days since 1970-01-01, and its text.
    public init(since: Int, text: String) {
      self.since = since
      self.text = text
    }
  }

  /// The pattern, in Unicode date field symbols.
  public var pattern: String
  /// The letter case of the names of months and weekdays.
  public var nameCase: LetterCase
  /// The letter case of AM and PM.
  public var meridiemCase: LetterCase
  /// The texts for `xxx` and `zzz`, in ascending order of days, since times are stored as local
  /// wall-clock time. The first also applies to all earlier days.
  public var zones: [Zone]

  /// Creates a format; the pattern is not validated.
  public init(
    pattern: String, nameCase: LetterCase = .title, meridiemCase: LetterCase = .upper,
    zones: [Zone] = []
  ) {
    self.pattern = pattern
    self.nameCase = nameCase
    self.meridiemCase = meridiemCase
    self.zones = zones
  }
}

extension DatetimeFormat {
  /// What the times of a format are.
  package enum Content: Sendable {
    case date, timeOfDay, dateAndTime
  }

  /// What the times are; those of an invalid pattern are dates and times.
  package var content: Content { DatetimePattern(self)?.content ?? .dateAndTime }
}

extension DatetimeFormat: Codable {
  private enum CodingKeys: String, CodingKey {
    case pattern, nameCase, meridiemCase, zones
  }

  /// Limit on the number of time zone changes; more indicate a damaged file.
  private static let maxZones = 10_000

  /// Decodes a format of which only the pattern is required.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    pattern = try container.decode(String.self, forKey: .pattern)
    nameCase = try container.decodeIfPresent(LetterCase.self, forKey: .nameCase) ?? .title
    meridiemCase = try container.decodeIfPresent(LetterCase.self, forKey: .meridiemCase) ?? .upper
    zones = try container.decodeIfPresent([Zone].self, forKey: .zones) ?? []
    let isAscending = zip(zones, zones.dropFirst()).allSatisfy { $0.since < $1.since }
    guard isAscending, zones.count <= Self.maxZones,
      zones.allSatisfy({ $0.text.utf8.count <= 32 && abs($0.since) < 100_000_000 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .zones, in: container, debugDescription: "the time zones are not in order")
    }
  }

  /// Encodes the pattern and the settings that differ from the defaults.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(pattern, forKey: .pattern)
    if nameCase != .title { try container.encode(nameCase, forKey: .nameCase) }
    if meridiemCase != .upper { try container.encode(meridiemCase, forKey: .meridiemCase) }
    if !zones.isEmpty { try container.encode(zones, forKey: .zones) }
  }
}
