// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Quantities that follow from several columns at once and that a discriminator is shown beside the
/// row: how far apart two places are, ratios of quantities that go together (a distance and the
/// straight line, a price and a weight), and what a quantity is beyond what two others let expect.
///
/// A network sees ranks, from which a distance to a tenth is hard to compute; shown the distance it
/// sees at once which trips are shorter than the straight line. Each feature is a function of the
/// encoded row with a derivative, so the generator learns from it. Features are chosen from the
/// table alone.
public struct DerivedFeatures: Sendable, Codable, Equatable {
  /// A size: asinh(operand / scale), a logarithm that passes through 0.
  enum Operand: Sendable, Codable, Equatable {
    /// The quantity of a column, or the residual of its relation.
    case quantity(column: String, scale: Double)
    /// The straight line between two places, each named by its column of longitudes; kilometers.
    case straightLine(from: String, to: String, scale: Double)
  }

  enum Form: Sendable, Codable, Equatable {
    case size(Operand)
    /// The difference of two sizes: the logarithm of a ratio.
    case ratio(Operand, to: Operand)
    /// The way east, and north, from one place to another, as a size.
    case east(from: String, to: String, scale: Double)
    case north(from: String, to: String, scale: Double)
    case residual(Residual)
  }

  /// What a quantity is beyond a linear function of two others, or its logarithm beyond that of
  /// theirs.
  struct Residual: Sendable, Codable, Equatable {
    /// The target, then what it is beyond.
    var columns: [String]
    /// Where the logarithm of each passes to linear (``Operand``); empty for the quantities
    /// themselves.
    var scales: [Double]
    var intercept: Double
    var slopes: [Double]
    /// The feature is asinh(residual / spread).
    var spread: Double

    /// Whether what was decoded makes sense.
    var isValid: Bool {
      columns.count == 3 && slopes.count == 2 && [0, 3].contains(scales.count)
        && scales.allSatisfy { $0 > 0 } && spread > 0
        && ([intercept, spread] + scales + slopes).areFinite
    }
  }

  struct Feature: Sendable, Codable, Equatable {
    var form: Form
    /// The feature is shown with mean 0 and deviation 1.
    var mean: Double = 0
    var deviation: Double = 1
  }

  /// The middle of all places, degrees.
  struct Origin: Sendable, Codable, Equatable {
    var latitude: Double = 0
    var longitude: Double = 0
  }

  var features: [Feature]
  var origin: Origin

  /// Whether the decoded values are valid, regardless of the columns.
  var isValid: Bool {
    (-90...90).contains(origin.latitude) && (-180...180).contains(origin.longitude)
      && features.allSatisfy { feature in
        feature.mean.isFinite && feature.deviation > 0 && feature.deviation.isFinite
          && feature.form.isValid
      }
  }

  /// The number of features.
  public var count: Int { features.count }

  /// A name for each, the same for the same feature.
  package var labels: [String] { features.map(\.form.description) }

  /// None.
  static let none = DerivedFeatures(features: [], origin: Origin())
}

extension DerivedFeatures.Operand {
  fileprivate var scale: Double {
    switch self {
    case .quantity(_, let scale), .straightLine(_, _, let scale): scale
    }
  }
}

extension DerivedFeatures.Form {
  /// Whether scales are positive and the other values valid, regardless of the columns.
  fileprivate var isValid: Bool {
    let scales: [Double]
    switch self {
    case .size(let a): scales = [a.scale]
    case .ratio(let a, let b): scales = [a.scale, b.scale]
    case .east(_, _, let scale), .north(_, _, let scale): scales = [scale]
    case .residual(let residual): return residual.isValid
    }
    return scales.allSatisfy { $0 > 0 && $0.isFinite }
  }
}

extension DerivedFeatures.Operand: CustomStringConvertible {
  var description: String {
    switch self {
    case .quantity(let column, _): column
    case .straightLine(let from, let to, _): "\(from) - \(to)"
    }
  }
}

extension DerivedFeatures.Form: CustomStringConvertible {
  var description: String {
    switch self {
    case .size(let operand): "size(\(operand))"
    case .ratio(let a, let b): "ratio(\(a), \(b))"
    case .east(let from, let to, _): "east(\(from) - \(to))"
    case .north(let from, let to, _): "north(\(from) - \(to))"
    case .residual(let residual):
      "\(residual.scales.isEmpty ? "residual" : "logarithmic residual")"
        + "(\(residual.columns[0]) given \(residual.columns[1]), \(residual.columns[2]))"
    }
  }
}
