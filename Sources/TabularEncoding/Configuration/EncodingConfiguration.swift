/// How the columns of a table are encoded.
public struct EncodingConfiguration: Sendable, Codable, Equatable {
  /// The encoder of quantities.
  public enum Numeric: String, Sendable, Codable {
    /// A mixture of normals: the mode as a one-hot vector, the place in the mode as a scalar (CTGAN).
    case modeSpecific
    /// The rank.
    case quantile
    /// The place between least and greatest value.
    case minMax
  }
  /// The encoder of times.
  public enum Time: String, Sendable, Codable {
    /// As a quantity: seconds since 1970.
    case numeric
    /// Day and hour as categories, the place in the hour as a scalar.
    case calendar
    /// The eleven calendar numbers of the poster.
    case poster
  }

  public var numeric: Numeric
  /// What ranks are mapped to (encoder ``Numeric/quantile`` and times).
  public var quantileOutput: QuantileOutput
  public var time: Time
  /// Whether values that stand out become levels of their own (mixed columns).
  public var separatesAtoms: Bool
  /// Whether relations that nearly all rows obey (a time after another, a sum of parts) are found
  /// and encoded as residuals.
  public var findsRelations: Bool
  /// Whether the discriminator is shown derived features beside the row (``DerivedFeatures``).
  public var derivesFeatures: Bool
  /// Whether the rare levels of a category that has very many are joined to groups of levels that
  /// behave alike in the other columns, rather than each having a position of its own.
  public var groupsRareLevels: Bool
  /// The most components of a mixture (encoder ``Numeric/modeSpecific``).
  public var modes: Int

  public init(
    numeric: Numeric, time: Time, separatesAtoms: Bool, findsRelations: Bool,
    derivesFeatures: Bool, groupsRareLevels: Bool,
    quantileOutput: QuantileOutput = .normal, modes: Int = 10
  ) {
    self.numeric = numeric
    self.quantileOutput = quantileOutput
    self.time = time
    self.separatesAtoms = separatesAtoms
    self.findsRelations = findsRelations
    self.derivesFeatures = derivesFeatures
    self.groupsRareLevels = groupsRareLevels
    self.modes = modes
  }

  /// As CTGAN does (Xu et al., 2019).
  public static let ctgan = EncodingConfiguration(
    numeric: .modeSpecific, time: .numeric, separatesAtoms: false, findsRelations: false,
    derivesFeatures: false, groupsRareLevels: false)
  /// As the poster did.
  public static let poster = EncodingConfiguration(
    numeric: .minMax, time: .poster, separatesAtoms: false, findsRelations: false,
    derivesFeatures: false, groupsRareLevels: false)
  /// Ranks, atoms, calendars, relations, derived features and groups of rare levels.
  public static let standard = EncodingConfiguration(
    numeric: .quantile, time: .calendar, separatesAtoms: true, findsRelations: true,
    derivesFeatures: true, groupsRareLevels: true)
}
