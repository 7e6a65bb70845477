// SPDX-License-Identifier: Apache-2.0

/// Points that belong together in a ``LineChart``.
public struct Series: Sendable, Equatable {
  /// How points are drawn.
  public enum Marks: Sendable, Equatable {
    case line
    case points
    case lineAndPoints
  }
  /// The name in the legend; series of one name have one color in all panels.
  public var name: String
  /// Places on the x axis.
  public var x: [Double]
  /// Values; a point that is not finite leaves a gap.
  public var y: [Double]
  /// How points are drawn.
  public var marks: Marks
  /// Whether the line is dashed.
  public var isDashed: Bool

  /// A series of the points `(x[i], y[i])`; what is longer than the other is cut.
  public init(
    _ name: String, x: [Double], y: [Double], marks: Marks = .line, isDashed: Bool = false
  ) {
    self.name = name
    let count = min(x.count, y.count)
    self.x = Array(x.prefix(count))
    self.y = Array(y.prefix(count))
    self.marks = marks
    self.isDashed = isDashed
  }

  /// A series of values at 0, 1, ...
  public init(_ name: String, _ y: [Double]) {
    self.init(name, x: y.indices.map(Double.init), y: y)
  }
}

/// A horizontal line to compare with, such as the score of real rows.
public struct ReferenceLine: Sendable, Equatable {
  /// What it stands for; written above the line.
  public var name: String
  /// Where it lies on the y axis.
  public var y: Double

  /// A line of that name at a value.
  public init(_ name: String, y: Double) {
    self.name = name
    self.y = y
  }
}
