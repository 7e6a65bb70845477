// SPDX-License-Identifier: Apache-2.0

/// The form of keys: fields and the separators between them.
struct IdentifierPattern: Sendable, Codable, Equatable {
  /// The share of the keys that have this form.
  let share: Double
  let fields: [IdentifierField]

  private static let maxPatterns = 16
  private static let minRows = 5

  /// The forms of keys, the most frequent first.
  ///
  /// - Parameter texts: the keys in row order, without missing ones.
  ///   - areNumbers: whether the keys are numbers, none of which begins with a 0.
  static func learn(_ texts: [String], areNumbers: Bool) -> [IdentifierPattern] {
    var groups: [String: [[Substring]]] = [:]
    for text in texts {
      let separators = text.filter { !isWord($0) }
      groups[separators, default: []].append(
        text.split(omittingEmptySubsequences: false) { !isWord($0) })
    }
    var kept = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      .filter { $0.value.count >= minRows }.prefix(maxPatterns)
      .map { (separators: Array($0.key), fields: $0.value) }
    // If every key has a different form, a key is treated as a text of characters.
    if kept.reduce(0, { $0 + $1.fields.count }) * 2 < texts.count {
      kept = [([], texts.map { [$0[...]] })]
    }
    let total = Double(kept.reduce(0) { $0 + $1.fields.count })
    return kept.map { separators, keys in
      var fields: [IdentifierField] = []
      for index in 0...separators.count {
        let own = keys.map { $0[index] }
        if own.contains(where: { !$0.isEmpty }) {
          fields += IdentifierField.learn(
            own, counts: kept.count == 1 && !fields.contains { $0.isRunning })
        }
        if index < separators.count { fields.append(.literal(String(separators[index]))) }
      }
      return IdentifierPattern(
        share: Double(keys.count) / total, fields: areNumbers ? fields.map(\.ofNumber) : fields)
    }
  }

  /// Letters and digits; all other characters are separators.
  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }

  /// Whether a field is a running number.
  var isSequential: Bool { fields.contains(where: \.isRunning) }

  /// The greatest number of a running-number field.
  var last: Int? {
    fields.lazy.compactMap { if case .running(_, let last) = $0 { last } else { nil } }.first
  }
}
