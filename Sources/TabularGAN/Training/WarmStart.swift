// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Tabular
import TabularEncoding

/// Takes the weights of a trained model over into a new one whose table is encoded differently.
///
/// A larger subset of a table shows categories that a smaller one did not, so the two encodings
/// differ in width. Inputs and outputs are matched by what they stand for (column, span, category);
/// everything between the first and the last layer is matched by position. What has no counterpart
/// keeps its fresh initial value.
struct WarmStart {
  /// New position -> old position, of the encoded row and of the condition vector.
  private let row: PositionMap
  private let condition: PositionMap
  private let features: PositionMap

  init(
    from old: TableEncoder, derived oldDerived: DerivedFeatures,
    conditions oldConditions: ConditionFrequencies?,
    to new: TableEncoder, derived newDerived: DerivedFeatures,
    conditions newConditions: ConditionFrequencies?
  ) {
    row = PositionMap(from: old.positionLabels, to: new.positionLabels)
    condition = PositionMap(
      from: oldConditions?.labels(old.positionLabels) ?? [],
      to: newConditions?.labels(new.positionLabels) ?? [])
    features = PositionMap(from: oldDerived.labels, to: newDerived.labels)
  }

  /// Copies what fits of a generator. The condition vector ends the inputs of its first layer and,
  /// in a residual one, of every layer.
  func copyGenerator(
    _ old: Layer, into new: Layer, architecture: GeneratorConfiguration.Architecture
  ) {
    for (parameter, source) in pairs(old, new) {
      let seesCondition =
        architecture == .residual || parameter.name.hasPrefix("generator.0.")
      let inputs =
        seesCondition
        ? condition.extendedByPrefix(
          oldCount: source.value.columns, newCount: parameter.value.columns) : nil
      let isOutput = parameter.name.hasPrefix("generator.output")
      if parameter.shape.count == 1 {
        copy(source, into: parameter, rows: nil, columns: isOutput ? row : nil)
      } else {
        copy(source, into: parameter, rows: isOutput ? row : nil, columns: inputs)
      }
    }
  }

  /// Copies what fits of a discriminator whose inputs are packs of rows, each with its derived
  /// features, and behind them the rows' conditions.
  func copyDiscriminator(_ old: Layer, into new: Layer, rowsPerPack: Int) {
    for (parameter, source) in pairs(old, new) {
      let isInput = parameter.name == "discriminator.0.weight"
      let pack = row.followed(by: features).repeated(rowsPerPack)
        .followed(by: condition.repeated(rowsPerPack))
      copy(source, into: parameter, rows: nil, columns: isInput ? pack : nil)
    }
  }

  private func pairs(_ old: Layer, _ new: Layer) -> [(Parameter, Parameter)] {
    let sources = Dictionary(
      (old.parameters + old.buffers).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return (new.parameters + new.buffers).compactMap { parameter in
      sources[parameter.name].map { (parameter, $0) }
    }
  }

  /// Copies element by element; nil maps a dimension onto itself. Skipped where an unmapped
  /// dimension differs.
  private func copy(
    _ source: Parameter, into target: Parameter, rows: PositionMap?, columns: PositionMap?
  ) {
    let rows = rows ?? PositionMap(identity: source.value.rows)
    let columns = columns ?? PositionMap(identity: source.value.columns)
    guard rows.fits(old: source.value.rows, new: target.value.rows),
      columns.fits(old: source.value.columns, new: target.value.columns)
    else { return }
    for (newRow, oldRow) in rows.sources.enumerated() {
      guard let oldRow else { continue }
      for (newColumn, oldColumn) in columns.sources.enumerated() {
        guard let oldColumn else { continue }
        target.value[newRow, newColumn] = source.value[oldRow, oldColumn]
      }
    }
    target.noteChange()
  }
}

/// Where each position of a new layout stood in an old one, if it did.
package struct PositionMap {
  /// `sources[new]` is the old position, nil for one that is new.
  package let sources: [Int?]
  package let oldCount: Int

  private init(sources: [Int?], oldCount: Int) {
    self.sources = sources
    self.oldCount = oldCount
  }

  /// The map that changes nothing.
  package init(identity count: Int) {
    self.init(sources: (0..<count).map { $0 }, oldCount: count)
  }

  /// Matches positions of equal label.
  package init(from old: [String], to new: [String]) {
    let index = Dictionary(zip(old, old.indices), uniquingKeysWith: { first, _ in first })
    self.init(sources: new.map { index[$0] }, oldCount: old.count)
  }

  package func fits(old: Int, new: Int) -> Bool { old == oldCount && new == sources.count }

  /// This layout with another behind it.
  package func followed(by next: PositionMap) -> PositionMap {
    PositionMap(
      sources: sources + next.sources.map { $0.map { $0 + oldCount } },
      oldCount: oldCount + next.oldCount)
  }

  /// This layout `count` times in a row.
  package func repeated(_ count: Int) -> PositionMap {
    (1..<count).reduce(self) { map, _ in map.followed(by: self) }
  }

  /// This layout behind a part of equal length in both, for totals of `oldCount` and `newCount`;
  /// nil (no change) where the lengths say that the layout is not part of it.
  package func extendedByPrefix(oldCount: Int, newCount: Int) -> PositionMap? {
    let prefix = newCount - sources.count
    guard prefix >= 0, prefix == oldCount - self.oldCount else { return nil }
    return PositionMap(identity: prefix).followed(by: self)
  }
}
