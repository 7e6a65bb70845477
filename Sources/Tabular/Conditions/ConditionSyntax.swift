// SPDX-License-Identifier: Apache-2.0

/// A condition as it is written, before it is known what its column holds.
///
/// ```
/// condition  = subject test
/// subject    = name [ "." part ]
/// test       = comparison value | [ "not" ] "in" "(" value { "," value } ")"
///            | [ "not" ] "between" value "and" value | "is" [ "not" ] "missing"
/// comparison = "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">="
/// ```
///
/// A name is a word, or anything in quotes. A value is anything in quotes, or the text up to what
/// must follow it. Quotes are ' or "; one that is doubled stands for itself. Keywords may be
/// written in capitals.
struct ConditionSyntax: Equatable {
  enum Comparison: String, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case different = "<>"
    case assigned = "="
    case less = "<"
    case greater = ">"
  }

  enum Test: Equatable {
    case comparison(Comparison, String)
    case list([String], negated: Bool)
    case between(String, String, negated: Bool)
    case missing(negated: Bool)
  }

  package var name: String
  /// The part behind a quoted name; that of a word is still in the name.
  var part: String?
  var test: Test
}

/// Reads a condition's text from its beginning to its end.
struct ConditionScanner {
  private let text: String
  private let characters: [Character]
  private var at = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  /// The whole text as one condition. O(characters).
  mutating func condition() throws(RowConditionError) -> ConditionSyntax {
    skipSpaces()
    let (name, part) = try subject()
    skipSpaces()
    let test = try test()
    skipSpaces()
    if at < characters.count { throw expected("the end; join conditions by giving several") }
    return ConditionSyntax(name: name, part: part, test: test)
  }

  private mutating func subject() throws(RowConditionError) -> (String, String?) {
    guard let first = peek else { throw expected("the name of a column") }
    if first == "'" || first == "\"" {
      let name = try quoted()
      guard peek == "." else { return (name, nil) }
      at += 1
      return (name, try word("a part of a time"))
    }
    return (try word("the name of a column"), nil)
  }

  private mutating func test() throws(RowConditionError) -> ConditionSyntax.Test {
    for comparison in ConditionSyntax.Comparison.allCases where take(comparison.rawValue) {
      return .comparison(comparison, try value(until: { _ in false }))
    }
    if takeKeyword("is") {
      let negated = takeKeyword("not")
      guard takeKeyword("missing") else { throw expected("'missing' or 'not missing'") }
      return .missing(negated: negated)
    }
    let negated = takeKeyword("not")
    if takeKeyword("in") {
      skipSpaces()
      guard take("(") else { throw expected("'(' before the values") }
      var values: [String] = []
      repeat {
        values.append(try value(until: { $0.peek == "," || $0.peek == ")" }))
        skipSpaces()
      } while take(",")
      guard take(")") else { throw expected("',' or ')'") }
      return .list(values, negated: negated)
    }
    if takeKeyword("between") {
      let low = try value(until: { $0.isKeyword("and") })
      skipSpaces()
      guard takeKeyword("and") else { throw expected("'and' and the upper bound") }
      return .between(low, try value(until: { _ in false }), negated: negated)
    }
    throw expected(
      negated ? "'in' or 'between'" : "one of = != < <= > >=, 'in', 'between', 'is missing'")
  }

  /// A quoted value, or the text up to `isEnd`.
  private mutating func value(
    until isEnd: (ConditionScanner) -> Bool
  ) throws(RowConditionError) -> String {
    skipSpaces()
    if peek == "'" || peek == "\"" { return try quoted() }
    let start = at
    while at < characters.count, !isEnd(self) {
      if isKeyword("and") || isKeyword("or") {
        throw expected("the end; join conditions by giving several, quote a value with such a word")
      }
      at += 1
    }
    var end = at
    while end > start, characters[end - 1].isWhitespace { end -= 1 }
    if end == start { throw expected("a value") }
    return String(characters[start..<end])
  }

  private mutating func quoted() throws(RowConditionError) -> String {
    let opening = at
    let mark = characters[at]
    at += 1
    var content = ""
    while let next = peek {
      at += 1
      if next != mark {
        content.append(next)
      } else if peek == mark {
        content.append(mark)
        at += 1
      } else {
        return content
      }
    }
    at = opening
    throw expected("a closing \(mark)")
  }

  private mutating func word(_ meaning: String) throws(RowConditionError) -> String {
    let start = at
    while let next = peek, !next.isWhitespace, !"=!<>(),'\"".contains(next) { at += 1 }
    if at == start { throw expected(meaning) }
    return String(characters[start..<at])
  }

  private var peek: Character? { at < characters.count ? characters[at] : nil }

  private mutating func skipSpaces() {
    while let next = peek, next.isWhitespace { at += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    guard characters[at...].starts(with: text) else { return false }
    at += text.count
    return true
  }

  /// Whether a word stands here, apart from what is before and behind it.
  private func isKeyword(_ keyword: String) -> Bool {
    let end = at + keyword.count
    guard end <= characters.count,
      String(characters[at..<end]).lowercased() == keyword
    else { return false }
    let isApart = at == 0 || !Self.isOfWord(characters[at - 1])
    return isApart && (end == characters.count || !Self.isOfWord(characters[end]))
  }

  private mutating func takeKeyword(_ keyword: String) -> Bool {
    skipSpaces()
    guard isKeyword(keyword) else { return false }
    at += keyword.count
    return true
  }

  private static func isOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "-"
  }

  private func expected(_ what: String) -> RowConditionError {
    .syntax(condition: text, position: at + 1, expected: what)
  }
}
