// SPDX-License-Identifier: Apache-2.0

/// The columns named by a file's header.
struct CSVHeader {
  struct Name {
    /// The column's unique name, without surrounding white space.
    var name: String
    /// The text in the file, if it differs from the name.
    var text: String?
  }

  private(set) var names: [Name]

  /// Columns without names: "column_1", "column_2", ...
  init(unnamed count: Int) {
    names = (0..<count).map { Name(name: "column_\($0 + 1)", text: "") }
  }

  /// - Parameters:
  ///   - texts: the fields of the header.
  ///   - renames: whether unnamed columns and repeated names get a new name.
  /// - Throws: if a name is empty or repeated and `renames` is false.
  init(
    _ texts: [String], renames: Bool, path: String, line: Int
  ) throws(TabularError) {
    names = []
    names.reserveCapacity(texts.count)
    var taken: Set<String> = []
    taken.reserveCapacity(texts.count)
    var open: [Int] = []
    for (index, text) in texts.enumerated() {
      let name = Self.trimmed(text)
      names.append(Name(name: name, text: name == text ? nil : text))
      if !name.isEmpty && taken.insert(name).inserted { continue }
      guard renames else {
        throw .malformed(
          path: path, line: line,
          problem: name.isEmpty
            ? "column \(index + 1) has no name" : "two columns are named '\(name)'",
          hint: name.isEmpty
            ? "name it, accept the name column_\(index + 1) (--rename-columns), or read the first line "
              + "as a row (--no-header); pandas leaves out the index with to_csv(index=False)"
            : "rename one of them, or accept the second name "
              + "'\(name)_2' (--rename-columns)")
      }
      open.append(index)
    }
    var next: [String: Int] = [:]
    for index in open {
      let stem = names[index].name
      var name = stem.isEmpty ? "column_\(index + 1)" : stem
      while !taken.insert(name).inserted {
        let number = next[stem] ?? 2
        next[stem] = number + 1
        name = "\(stem.isEmpty ? "column_\(index + 1)" : stem)_\(number)"
      }
      names[index] = Name(name: name, text: names[index].text ?? stem)
    }
  }

  /// The text without surrounding white space, as used for look-ups.
  static func trimmed(_ text: String) -> String {
    guard let first = text.first, let last = text.last, first.isWhitespace || last.isWhitespace
    else { return text }
    guard let start = text.firstIndex(where: { !$0.isWhitespace }),
      let end = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[start...end])
  }
}
