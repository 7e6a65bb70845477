// SPDX-License-Identifier: Apache-2.0

/// How the columns of a table are encoded.
public struct EncodingConfiguration: Sendable, Codable, Equatable {
  /// The encoder of quantities.
  public enum Numeric: String, Sendable, Codable {
    /// A mixture of normals: the mode as a one-hot vector, the place in the mode as a scalar
    /// (CTGAN).
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

  /// The encoder of quantities, or of what remains of them beside point masses.
  public var numeric: Numeric
  /// What ranks are mapped to (encoder ``Numeric/quantile`` and times).
  public var quantileOutput: QuantileOutput
  /// The encoder of times.
  public var time: Time
  /// Whether values that stand out become categories of their own (mixed columns).
  public var separatesPointMasses: Bool
  /// Whether relations that nearly all rows obey (a time after another, a sum of parts) are found
  /// and encoded as residuals.
  public var findsRelations: Bool
  /// Whether the discriminator is shown derived features beside the row (``DerivedFeatures``).
  public var derivesFeatures: Bool
  /// Whether the rare categories of a categorical column that has very many are joined to groups of
  /// categories that behave alike in the other columns, rather than each having a position of its
  /// own.
  public var groupsRareCategories: Bool
  /// The most components of a mixture (encoder ``Numeric/modeSpecific``).
  public var modes: Int

  /// A configuration of its own; for the usual ones see ``standard``, ``ctgan`` and ``poster``.
  public init(
    numeric: Numeric, time: Time, separatesPointMasses: Bool, findsRelations: Bool,
    derivesFeatures: Bool, groupsRareCategories: Bool,
    quantileOutput: QuantileOutput = .normal, modes: Int = 10
  ) {
    self.numeric = numeric
    self.quantileOutput = quantileOutput
    self.time = time
    self.separatesPointMasses = separatesPointMasses
    self.findsRelations = findsRelations
    self.derivesFeatures = derivesFeatures
    self.groupsRareCategories = groupsRareCategories
    self.modes = modes
  }

  /// As CTGAN does (Xu et al., 2019).
  public static let ctgan = EncodingConfiguration(
    numeric: .modeSpecific, time: .numeric, separatesPointMasses: false, findsRelations: false,
    derivesFeatures: false, groupsRareCategories: false)
  /// As the poster did.
  public static let poster = EncodingConfiguration(
    numeric: .minMax, time: .poster, separatesPointMasses: false, findsRelations: false,
    derivesFeatures: false, groupsRareCategories: false)
  /// Ranks, point masses, calendars, relations, derived features and groups of rare categories.
  public static let standard = EncodingConfiguration(
    numeric: .quantile, time: .calendar, separatesPointMasses: true, findsRelations: true,
    derivesFeatures: true, groupsRareCategories: true)
}
