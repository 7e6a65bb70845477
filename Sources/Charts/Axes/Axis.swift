// SPDX-License-Identifier: Apache-2.0

/// What an axis shows and how.
public struct Axis: Sendable, Equatable {
  /// How values become positions.
  public enum Scale: Sendable, Equatable {
    case linear
    /// By decimal logarithm.
    ///
    /// Smaller values, zeros among them, are drawn at `floor`, which must be positive: a
    /// probability that underflowed is still worth its point.
    case logarithmic(floor: Double)
  }
  /// What is shown, such as "iteration".
  public var label: String
  /// Its unit, such as "s" or "%"; nil for plain numbers.
  public var unit: String?
  /// How values become positions.
  public var scale: Scale
  /// The least and the greatest value; nil: those of the data.
  public var range: ClosedRange<Double>?
  /// Where ticks stand; nil: at round numbers.
  public var ticks: [Double]?

  /// An axis of that label; by default linear, over the range of the data.
  public init(
    _ label: String, unit: String? = nil, scale: Scale = .linear,
    range: ClosedRange<Double>? = nil, ticks: [Double]? = nil
  ) {
    self.label = label
    self.unit = unit
    self.scale = scale
    self.range = range
    self.ticks = ticks
  }

  /// A logarithmic axis down to 1e-30.
  public static func logarithmic(
    _ label: String, unit: String? = nil, floor: Double = 1e-30,
    range: ClosedRange<Double>? = nil, ticks: [Double]? = nil
  ) -> Axis {
    Axis(label, unit: unit, scale: .logarithmic(floor: floor), range: range, ticks: ticks)
  }

  var caption: String { unit.map { "\(label) [\($0)]" } ?? label }
}
