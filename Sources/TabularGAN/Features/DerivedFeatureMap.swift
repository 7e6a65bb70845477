// SPDX-License-Identifier: Apache-2.0

import Foundation
import TabularEncoding

/// Evaluates the derived features of encoded rows, and passes gradients back.
public struct DerivedFeatureMap: Sendable {
  private struct Line: Sendable {
    var from: Int
    var to: Int
    /// The squared length below which a direction has no meaning, km².
    static let minimum: Float = 1e-4
  }

  private enum Operand: Sendable {
    case quantity(Int, scale: Float)
    case line(Int, scale: Float)
  }

  private enum Form: Sendable {
    case size(Operand)
    case ratio(Operand, Operand)
    case east(Int, scale: Float)
    case north(Int, scale: Float)
    case residual(Residual)
  }

  /// The target with weight 1, and what it is beyond with negative weights.
  private struct Residual: Sendable {
    var terms: [Term]
    var intercept: Float
    var spread: Float

    struct Term: Sendable {
      var quantity: Int
      var weight: Float
      /// Where its logarithm passes to linear; nil for the quantity itself.
      var scale: Float?

      func value(_ quantity: Float) -> Float {
        weight * (scale.map { asinh(quantity / $0) } ?? quantity)
      }

      /// The derivative by the quantity.
      func slope(_ quantity: Float) -> Float {
        weight * (scale.map { 1 / (quantity * quantity + $0 * $0).squareRoot() } ?? 1)
      }
    }

    func value(_ state: State) -> Float {
      terms.reduce(-intercept) { $0 + $1.value(state.quantities[$1.quantity].value) }
    }
  }

  private struct Feature: Sendable {
    var form: Form
    var mean: Float
    var inverseDeviation: Float
  }

  private var quantities: [SoftValue] = []
  private var locations: [SoftLocation] = []
  private var lines: [Line] = []
  private var features: [Feature] = []
  private var weight: Float = 1

  /// The number of features.
  public var count: Int { features.count }

  /// The same features, all of them times `weight`; nil for none at weight 0.
  package func weighted(by weight: Float) -> DerivedFeatureMap? {
    guard weight > 0 else { return nil }
    var copy = self
    copy.weight = weight
    return copy
  }

  /// - Returns: nil where a feature has a column that the encoder does not have as a scalar, or
  ///   makes no sense.
  init?(
    _ derived: DerivedFeatures, columns: [ColumnCodec], offsets: [Int],
    relations: [ColumnRelation]
  ) {
    var quantityIndices: [String: Int] = [:]
    var locationIndices: [String: Int] = [:]

    func column(_ name: String, remainderOnly: Bool, origin: Double = 0) -> SoftValue? {
      guard let index = columns.firstIndex(where: { $0.name == name }) else { return nil }
      return SoftValue(
        columns[index].encoder, offset: offsets[index], remainderOnly: remainderOnly,
        origin: origin)
    }

    for feature in derived.features {
      if case .residual(let residual) = feature.form, !residual.isValid { return nil }
      for name in feature.form.quantities where quantityIndices[name] == nil {
        guard let value = column(name, remainderOnly: false) else { return nil }
        quantityIndices[name] = quantities.count
        quantities.append(value)
      }
      for name in feature.form.locations where locationIndices[name] == nil {
        let relation = relations.lazy.compactMap { relation -> ConditionalRank? in
          if case .rank(let rank) = relation, rank.target == name { rank } else { nil }
        }.first
        guard let relation,
          let latitude = column(
            relation.given, remainderOnly: true, origin: derived.origin.latitude),
          let rank = column(name, remainderOnly: true)
        else { return nil }
        locationIndices[name] = locations.count
        locations.append(
          SoftLocation(
            latitude: latitude, rank: rank, relation: relation, origin: derived.origin))
      }
    }

    func line(_ from: String, _ to: String) -> Int {
      let (from, to) = (locationIndices[from]!, locationIndices[to]!)
      if let known = lines.firstIndex(where: { $0.from == from && $0.to == to }) { return known }
      lines.append(Line(from: from, to: to))
      return lines.count - 1
    }

    func operand(_ operand: DerivedFeatures.Operand) -> Operand {
      switch operand {
      case .quantity(let name, let scale):
        .quantity(quantityIndices[name]!, scale: Float(scale))
      case .straightLine(let from, let to, let scale):
        .line(line(from, to), scale: Float(scale))
      }
    }

    for feature in derived.features {
      let form: Form =
        switch feature.form {
        case .size(let a): .size(operand(a))
        case .ratio(let a, let b): .ratio(operand(a), operand(b))
        case .east(let from, let to, let scale): .east(line(from, to), scale: Float(scale))
        case .north(let from, let to, let scale): .north(line(from, to), scale: Float(scale))
        case .residual(let residual):
          .residual(
            Residual(
              terms: residual.columns.enumerated().map { index, name in
                Residual.Term(
                  quantity: quantityIndices[name]!,
                  weight: index == 0 ? 1 : Float(-residual.slopes[index - 1]),
                  scale: residual.scales.isEmpty ? nil : Float(residual.scales[index]))
              },
              intercept: Float(residual.intercept), spread: Float(residual.spread)))
        }
      features.append(
        Feature(
          form: form, mean: Float(feature.mean),
          inverseDeviation: Float(1 / max(feature.deviation, 1e-6))))
    }
  }

  // MARK: Values

  private struct State {
    var quantities: [SoftValue.Result]
    var locations: [(result: SoftLocation.Result, trace: SoftLocation.Trace)]
    /// Way east, way north, length, presence.
    var lines: [(east: Float, north: Float, length: Float, presence: Float)]
  }

  private func state(_ row: UnsafePointer<Float>) -> State {
    let locations = locations.map { $0.evaluate(row) }
    return State(
      quantities: quantities.map { $0.evaluate(row) }, locations: locations,
      lines: lines.map { line in
        let (a, b) = (locations[line.from].result, locations[line.to].result)
        let (east, north) = (b.east - a.east, b.north - a.north)
        return (
          east, north, (east * east + north * north + Line.minimum).squareRoot(),
          a.presence * b.presence
        )
      })
  }

  private func size(_ operand: Operand, _ state: State) -> SoftValue.Result {
    switch operand {
    case .quantity(let index, let scale):
      let quantity = state.quantities[index]
      return SoftValue.Result(value: asinh(quantity.value / scale), presence: quantity.presence)
    case .line(let index, let scale):
      let line = state.lines[index]
      return SoftValue.Result(value: asinh(line.length / scale), presence: line.presence)
    }
  }

  /// Before standardization, with the probability that it has a meaning.
  private func raw(_ form: Form, _ state: State) -> SoftValue.Result {
    switch form {
    case .size(let a): return size(a, state)
    case .ratio(let a, let b):
      let (a, b) = (size(a, state), size(b, state))
      return SoftValue.Result(value: a.value - b.value, presence: a.presence * b.presence)
    case .east(let index, let scale):
      return SoftValue.Result(
        value: asinh(state.lines[index].east / scale), presence: state.lines[index].presence)
    case .north(let index, let scale):
      return SoftValue.Result(
        value: asinh(state.lines[index].north / scale), presence: state.lines[index].presence)
    case .residual(let residual):
      return SoftValue.Result(
        value: asinh(residual.value(state) / residual.spread),
        presence: residual.terms.reduce(1) { $0 * state.quantities[$1.quantity].presence })
    }
  }

  /// Standardized values are squashed beyond this many standard deviations.
  private static let squash: Float = 4

  /// The features of `count` rows, `stride` floats apart, into as many at `featureStride`. A
  /// feature that has no meaning in a row (no place, no value) is 0. O(rows x features).
  public func evaluate(
    _ rows: UnsafePointer<Float>, count: Int, stride: Int,
    into destination: UnsafeMutablePointer<Float>, featureStride: Int
  ) {
    for row in 0..<count {
      let state = state(rows + row * stride)
      for (index, feature) in features.enumerated() {
        let raw = raw(feature.form, state)
        let z = (raw.value - feature.mean) * feature.inverseDeviation
        destination[row * featureStride + index] =
          weight * raw.presence * z / (1 + z * z / (Self.squash * Self.squash)).squareRoot()
      }
    }
  }

  /// The raw features of a row, NaN where they have no meaning, to standardize them by.
  func rawValues(_ row: UnsafePointer<Float>) -> [Double] {
    let state = state(row)
    return features.map { feature in
      let raw = raw(feature.form, state)
      return raw.presence > 0.5 ? Double(raw.value) : .nan
    }
  }

  // MARK: Gradients

  /// Adds to the gradient by the rows what the gradient by the features comes to. O(rows x
  /// features).
  public func addGradient(
    _ featureGradient: UnsafePointer<Float>, featureStride: Int, at rows: UnsafePointer<Float>,
    count: Int, stride: Int, to rowGradient: UnsafeMutablePointer<Float>, gradientStride: Int
  ) {
    for row in 0..<count {
      let values = rows + row * stride
      let state = state(values)
      var gradient = Gradient(
        quantities: Array(repeating: .init(value: 0, presence: 0), count: quantities.count),
        lines: Array(repeating: (0, 0, 0, 0), count: lines.count))
      for (index, feature) in features.enumerated() {
        let upstream = weight * featureGradient[row * featureStride + index]
        let raw = raw(feature.form, state)
        let z = (raw.value - feature.mean) * feature.inverseDeviation
        let inverseRoot = 1 / (1 + z * z / (Self.squash * Self.squash)).squareRoot()
        gradient.add(
          feature.form,
          value: upstream * raw.presence * feature.inverseDeviation * inverseRoot * inverseRoot
            * inverseRoot,
          presence: upstream * z * inverseRoot, state)
      }
      passBack(gradient, state, at: values, to: rowGradient + row * gradientStride)
    }
  }

  private struct Gradient {
    var quantities: [SoftValue.Result]
    var lines: [(east: Float, north: Float, length: Float, presence: Float)]

    mutating func add(_ form: Form, value: Float, presence: Float, _ state: State) {
      switch form {
      case .size(let a):
        add(a, size: value, presence: presence, state)
      case .ratio(let a, let b):
        let (first, second) = (Self.presence(a, state), Self.presence(b, state))
        add(a, size: value, presence: presence * second, state)
        add(b, size: -value, presence: presence * first, state)
      case .east(let index, let scale):
        lines[index].east += value * Self.slope(state.lines[index].east, scale)
        lines[index].presence += presence
      case .north(let index, let scale):
        lines[index].north += value * Self.slope(state.lines[index].north, scale)
        lines[index].presence += presence
      case .residual(let residual):
        let slope = value * Self.slope(residual.value(state), residual.spread)
        for (index, term) in residual.terms.enumerated() {
          let others = residual.terms.enumerated().reduce(Float(1)) {
            $0 * ($1.offset == index ? 1 : state.quantities[$1.element.quantity].presence)
          }
          quantities[term.quantity].value +=
            slope * term.slope(state.quantities[term.quantity].value)
          quantities[term.quantity].presence += presence * others
        }
      }
    }

    private mutating func add(
      _ operand: Operand, size: Float, presence: Float, _ state: State
    ) {
      switch operand {
      case .quantity(let index, let scale):
        quantities[index].value += size * Self.slope(state.quantities[index].value, scale)
        quantities[index].presence += presence
      case .line(let index, let scale):
        lines[index].length += size * Self.slope(state.lines[index].length, scale)
        lines[index].presence += presence
      }
    }

    private static func presence(_ operand: Operand, _ state: State) -> Float {
      switch operand {
      case .quantity(let index, _): state.quantities[index].presence
      case .line(let index, _): state.lines[index].presence
      }
    }

    /// The derivative of asinh(x / scale).
    private static func slope(_ x: Float, _ scale: Float) -> Float {
      1 / (x * x + scale * scale).squareRoot()
    }
  }

  private func passBack(
    _ gradient: Gradient, _ state: State, at row: UnsafePointer<Float>,
    to rowGradient: UnsafeMutablePointer<Float>
  ) {
    for (index, quantity) in quantities.enumerated() {
      quantity.addGradient(gradient.quantities[index], at: row, to: rowGradient)
    }
    for (index, line) in lines.enumerated() {
      let (state, of) = (state, state.lines[index])
      let (a, b) = (state.locations[line.from], state.locations[line.to])
      let east = gradient.lines[index].east + gradient.lines[index].length * of.east / of.length
      let north = gradient.lines[index].north + gradient.lines[index].length * of.north / of.length
      locations[line.from].addGradient(
        SoftLocation.Result(
          east: -east, north: -north, presence: gradient.lines[index].presence * b.result.presence),
        trace: a.trace, at: row, to: rowGradient)
      locations[line.to].addGradient(
        SoftLocation.Result(
          east: east, north: north, presence: gradient.lines[index].presence * a.result.presence),
        trace: b.trace, at: row, to: rowGradient)
    }
  }
}

extension DerivedFeatures.Form {
  /// The columns of the quantities in it.
  var quantities: [String] {
    if case .residual(let residual) = self { return residual.columns }
    return operands.compactMap { if case .quantity(let name, _) = $0 { name } else { nil } }
  }

  /// The columns of longitudes of the places in it.
  var locations: [String] {
    switch self {
    case .east(let from, let to, _), .north(let from, let to, _): [from, to]
    case .residual: []
    case .size, .ratio:
      operands.flatMap { operand -> [String] in
        if case .straightLine(let from, let to, _) = operand { [from, to] } else { [] }
      }
    }
  }

  private var operands: [DerivedFeatures.Operand] {
    switch self {
    case .size(let a): [a]
    case .ratio(let a, let b): [a, b]
    case .east, .north, .residual: []
    }
  }
}
