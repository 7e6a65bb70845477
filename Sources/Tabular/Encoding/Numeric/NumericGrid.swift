import Foundation

/// The values a column can take: a range, and where there is one, the step they are multiples of.
///
/// The step is the greatest that fits every value, on top of the number of decimals they are written
/// with: 0.5 for 2.5, 4, 17.5; 0.01 for cents; 1 for whole numbers; 5 for 0, 15, 20.
struct NumericGrid: Sendable, Codable, Equatable {
  let least: Double
  let greatest: Double
  /// Values are (offset + n x stride) / scale with a whole n; scale 0 where there is no grid. Whole
  /// numbers, so that a value on the grid is the same `Double` as its decimal text.
  private let scale: Double
  private let stride: Double
  private let offset: Double
  /// Whether values are single-precision numbers.
  private let singlePrecision: Bool

  /// More decimals than this are a measurement, not a grid.
  private static let mostDecimals = 9
  /// Whole numbers up to here are exact.
  private static let exact = 0x1p53

  /// The grid of values, NaN left out. O(values).
  init(_ values: [Double], format: NumberFormat?) {
    let present = values.lazy.filter { !$0.isNaN }
    least = (present.min() ?? 0) + 0
    greatest = (present.max() ?? 0) + 0
    // Exponents leave the number of decimals open.
    let decimals = format.map { $0.mostDecimals ?? .max } ?? 15
    singlePrecision = format?.singlePrecision ?? false
    let scale = pow(10, Double(decimals))
    guard !singlePrecision, decimals <= Self.mostDecimals,
      max(abs(least), abs(greatest)) * scale < Self.exact
    else {
      (self.scale, stride, offset) = (0, 1, 0)
      return
    }
    let first = Int((least * scale).rounded())
    var step = 0
    for value in present where step != 1 {
      step = Self.greatestCommonDivisor(step, Int((value * scale).rounded()) - first)
    }
    self.scale = scale
    stride = Double(max(step, 1))
    offset = Double(first)
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (abs(a), abs(b))
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// The distance of neighbours on the grid, 0 where there is none.
  var step: Double { scale == 0 ? 0 : stride / scale }

  /// The nearest value that the column can take.
  @inline(__always)
  func snap(_ value: Double) -> Double {
    let clipped = min(max(value, least), greatest)
    if singlePrecision { return Double(Float(clipped)) }
    if scale == 0 { return clipped }
    // Adding 0 makes a negative zero a plain one.
    return (((clipped * scale - offset) / stride).rounded() * stride + offset) / scale + 0
  }
}

extension NumericGrid {
  /// Decodes a grid; one that no values could have led to is refused.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    least = try container.decode(Double.self, forKey: .least)
    greatest = try container.decode(Double.self, forKey: .greatest)
    scale = try container.decode(Double.self, forKey: .scale)
    stride = try container.decode(Double.self, forKey: .stride)
    offset = try container.decode(Double.self, forKey: .offset)
    singlePrecision = try container.decode(Bool.self, forKey: .singlePrecision)
    let most = singlePrecision ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    guard least >= -most, least <= greatest, greatest <= most else {
      throw DecodingError.flaw("'least' must be finite and at most 'greatest'", in: decoder)
    }
    guard scale == 0 || (1...pow(10, Double(Self.mostDecimals))).contains(scale) else {
      throw DecodingError.flaw(
        "'scale' must be 0 or a power of ten for at most \(Self.mostDecimals) decimals, not \(scale)",
        in: decoder)
    }
    guard stride >= 1, stride.isFinite, abs(offset) <= Self.exact else {
      throw DecodingError.flaw(
        "'stride' must be at least 1 and 'offset' a whole number below 2^53", in: decoder)
    }
  }
}
