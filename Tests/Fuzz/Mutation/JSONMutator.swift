// SPDX-License-Identifier: Apache-2.0

/// Changes values of a JSON text and keeps it valid JSON in most cases, so that the code after the
/// parser is reached.
struct JSONMutator {
  let text: [UInt8]
  /// The positions of values: members of objects, whole containers, and elements of arrays.
  private let members: [Range<Int>]
  private let elements: [Range<Int>]

  init(_ text: [UInt8]) {
    self.text = text
    var scanner = Scanner(text)
    scanner.value(isElement: false)
    members = scanner.members
    elements = scanner.elements
  }

  /// Replaces one value, sometimes a few.
  func mutated(_ random: inout FuzzRandom) -> [UInt8] {
    var edits: [(range: Range<Int>, new: [UInt8])] = []
    for _ in 0...random.below(random.once(in: 3) ? 5 : 1) {
      let values = elements.isEmpty || !random.once(in: 4) ? members : elements
      let range = random.pick(values)
      guard !edits.contains(where: { $0.range.overlaps(range) }) else { continue }
      edits.append((range, replacement(for: Array(text[range]), &random)))
    }
    var result = text
    for (range, new) in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      result.replaceSubrange(range, with: new)
    }
    return result
  }

  private func replacement(for old: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
    if random.once(in: 4) { return Array(random.pick(Tokens.json).utf8) }
    switch old.first {
    case UInt8(ascii: "["): return changedArray(old, &random)
    case UInt8(ascii: "t"): return Array("false".utf8)
    case UInt8(ascii: "f"): return Array("true".utf8)
    case UInt8(ascii: "{"), UInt8(ascii: "\""), UInt8(ascii: "n"):
      // Another value of the same kind from elsewhere.
      let alike = (members + elements.prefix(200)).filter {
        text[$0.lowerBound] == old[0] && $0.count < 4000
      }
      return alike.isEmpty ? Array("null".utf8) : Array(text[random.pick(alike)])
    default: return changedNumber(String(decoding: old, as: UTF8.self), &random)
    }
  }

  private func changedNumber(_ old: String, _ random: inout FuzzRandom) -> [UInt8] {
    switch random.below(4) {
    case 0:
      if let whole = Int(old) { return Array("\(whole &+ random.pick([1, -1, 2, 100]))".utf8) }
    case 1:
      if let number = Double(old), !number.isZero {
        return Array("\(number * random.pick([-1, 2, 0.5, 1e30, 1e-30, 1e300]))".utf8)
      }
    case 2: return Array(text[random.pick(elements.isEmpty ? members : elements)].prefix(4000))
    default: break
    }
    return Array(random.pick(Tokens.numbers).utf8)
  }

  private func changedArray(_ old: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
    var scanner = Scanner(old)
    scanner.value(isElement: false)
    // The outermost array is the last member; its elements are those in no other container.
    var values = scanner.topElements.map { Array(old[$0]) }
    guard !values.isEmpty else { return Array("[0]".utf8) }
    switch random.below(7) {
    case 0: values.removeLast()
    case 1: values.append(random.pick(values))
    case 2: values.reverse()
    case 3: values[random.below(values.count)] = Array(random.pick(Tokens.json).utf8)
    case 4: values = Array(repeating: values[0], count: values.count)
    case 5: values.shuffle(using: &random)
    default: values = Array(values.prefix(1))
    }
    return [UInt8(ascii: "[")] + values.joined(separator: [UInt8(ascii: ",")])
      + [UInt8(ascii: "]")]
  }
}

/// Finds the positions of values in a JSON text.
private struct Scanner {
  private let text: [UInt8]
  private var at = 0
  private var depth = 0
  private(set) var members: [Range<Int>] = []
  private(set) var elements: [Range<Int>] = []
  /// Elements of the outermost array.
  private(set) var topElements: [Range<Int>] = []

  init(_ text: [UInt8]) { self.text = text }

  private mutating func skip(_ condition: (UInt8) -> Bool) {
    while at < text.count, condition(text[at]) { at += 1 }
  }

  private mutating func skipSpace() { skip { $0 <= 0x20 || $0 == 0x2C || $0 == 0x3A } }

  private mutating func string() {
    at += 1
    while at < text.count, text[at] != UInt8(ascii: "\"") {
      at += text[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    at = min(at + 1, text.count)
  }

  mutating func value(isElement: Bool) {
    skipSpace()
    guard at < text.count else { return }
    let start = at
    switch text[at] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let isArray = text[at] == UInt8(ascii: "[")
      let end = isArray ? UInt8(ascii: "]") : UInt8(ascii: "}")
      at += 1
      depth += 1
      skipSpace()
      while at < text.count, text[at] != end {
        if !isArray {
          string()
          skipSpace()
        }
        value(isElement: isArray)
        skipSpace()
      }
      depth -= 1
      at = min(at + 1, text.count)
      members.append(start..<at)
    case UInt8(ascii: "\""): string()
    default:
      skip { $0 > 0x20 && $0 != 0x2C && $0 != 0x5D && $0 != 0x7D }
      if at == start { at += 1 }
    }
    let range = start..<at
    if depth == 1, isElement { topElements.append(range) }
    if members.last != range {
      if isElement { elements.append(range) } else { members.append(range) }
    }
  }
}
