import Foundation

/// The values a column can take: a range and a number of decimals.
struct NumericGrid: Sendable, Codable, Equatable {
  let least: Double
  let greatest: Double
  private let scale: Double
  /// Whether values are single-precision numbers.
  private let singlePrecision: Bool

  init(_ values: [Double], format: NumberFormat?) {
    least = values.min() ?? 0
    greatest = values.max() ?? 0
    let decimals = format?.decimals ?? 15
    singlePrecision = format?.singlePrecision ?? false
    scale = decimals <= 9 ? pow(10, Double(decimals)) : 0
  }

  /// The nearest value that the column can take.
  @inline(__always)
  func snap(_ value: Double) -> Double {
    let clipped = min(max(value, least), greatest)
    if singlePrecision { return Double(Float(clipped)) }
    if scale == 0 { return clipped }
    let scaled = (clipped * scale).rounded() / scale
    return scaled == 0 ? 0 : scaled
  }
}
