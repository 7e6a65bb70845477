// SPDX-License-Identifier: Apache-2.0

/// The relations found so far and the dependencies between their columns.
struct RelationOrder {
  private(set) var relations: [ColumnRelation]
  /// The columns that are computed.
  private(set) var targets: Set<String> = []
  private(set) var columns: Set<String> = []
  private var parts: [String: [String]] = [:]

  init(_ relations: [ColumnRelation]) {
    self.relations = []
    for relation in relations { append(relation) }
  }

  /// Adds a relation whose target has none yet.
  mutating func append(_ relation: ColumnRelation) { insert(relation, at: relations.count) }

  mutating func insert(_ relation: ColumnRelation, at index: Int) {
    relations.insert(relation, at: index)
    targets.insert(relation.target)
    columns.formUnion([relation.target] + relation.parts)
    parts[relation.target] = relation.parts
  }

  /// Whether a column is computed from another, directly or indirectly.
  func computes(_ target: String, from other: String) -> Bool {
    (parts[target] ?? []).contains { $0 == other || computes($0, from: other) }
  }

  /// The relations, each after those that compute its parts; otherwise in the order of discovery.
  func ordered() -> [ColumnRelation] {
    var pending = relations
    var ordered: [ColumnRelation] = []
    var left = targets
    while let next = pending.firstIndex(where: { left.isDisjoint(with: $0.parts) }) {
      left.remove(pending[next].target)
      ordered.append(pending.remove(at: next))
    }
    return ordered
  }
}
