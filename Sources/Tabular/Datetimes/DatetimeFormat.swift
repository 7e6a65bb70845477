/// How the times of a column are written.
///
/// The pattern is one of Unicode's date field symbols (Unicode Technical Standard 35, part 4, section 8)
/// with literal separators, as "yyyy-MM-dd HH:mm:ss" or "M/d/yy h:mm a":
///
/// | symbols | what |
/// |---|---|
/// | `yyyy`, `yy` | year; two digits from 69 on are of the 20th century, as for `strptime` |
/// | `MM`, `M`, `MMM`, `MMMM` | month: two digits, without padding, "Jan", "January" |
/// | `dd`, `d`, `DDD` | day of the month, without padding, day of the year in three digits |
/// | `EEE`, `EEEE` | "Mon", "Monday"; passed over when it is read |
/// | `HH`, `H`, `hh`, `h` | hour of 24 and of 12, padded or not |
/// | `a`, `aa` | "AM" and "PM", "A.M." and "P.M." |
/// | `mm`, `ss` | minute, second |
/// | `S` to `SSSSSSSSS` | that many digits of the fraction of a second |
/// | `.F` to `.FFFFFFFFF` | the fraction without the zeros at its end, and without its point where it is 0 |
/// | `xxx`, `zzz` | offset from UTC or "Z", name of a time zone; see ``zones`` |
/// | `[...]` | a part that is left out where all of it is 0: "HH:mm[:ss]" |
/// | `'...'` | literal text; punctuation, `T` and `Z` need no quotes |
///
/// A pattern without a date is a time of day: seconds since midnight.
public struct DatetimeFormat: Sendable, Equatable {
  /// How the letters of a name are written.
  public enum LetterCase: String, Sendable, Codable {
    /// "Jan", "Am".
    case title
    /// "JAN", "AM".
    case upper
    /// "jan", "am".
    case lower
  }

  /// The text of the time zone from one day on.
  public struct Zone: Sendable, Codable, Equatable {
    /// The first day it holds for, in days since 1970.
    public var since: Int
    /// What is written for `xxx` or `zzz`, as "+01:00", "Z" or "EDT".
    public var text: String

    public init(since: Int, text: String) {
      self.since = since
      self.text = text
    }
  }

  public var pattern: String
  /// The case of names of months and weekdays.
  public var nameCase: LetterCase
  /// The case of AM and PM.
  public var meridiemCase: LetterCase
  /// What is written for `xxx` and `zzz`, in ascending order of days: times are held as the wall clock
  /// shows them. The first holds for all days before it, too.
  public var zones: [Zone]

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

extension DatetimeFormat: Codable {
  private enum CodingKeys: String, CodingKey {
    case pattern, nameCase, meridiemCase, zones
  }

  /// More changes of a time zone than this are a damaged file.
  private static let mostZones = 10_000

  /// Decodes a format of which only the pattern is required.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    pattern = try container.decode(String.self, forKey: .pattern)
    nameCase = try container.decodeIfPresent(LetterCase.self, forKey: .nameCase) ?? .title
    meridiemCase = try container.decodeIfPresent(LetterCase.self, forKey: .meridiemCase) ?? .upper
    zones = try container.decodeIfPresent([Zone].self, forKey: .zones) ?? []
    let isAscending = zip(zones, zones.dropFirst()).allSatisfy { $0.since < $1.since }
    guard isAscending, zones.count <= Self.mostZones,
      zones.allSatisfy({ $0.text.utf8.count <= 32 && abs($0.since) < 100_000_000 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .zones, in: container, debugDescription: "the time zones are not in order")
    }
  }

  /// Encodes what differs from the defaults.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(pattern, forKey: .pattern)
    if nameCase != .title { try container.encode(nameCase, forKey: .nameCase) }
    if meridiemCase != .upper { try container.encode(meridiemCase, forKey: .meridiemCase) }
    if !zones.isEmpty { try container.encode(zones, forKey: .zones) }
  }
}
