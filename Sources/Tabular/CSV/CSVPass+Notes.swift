// SPDX-License-Identifier: Apache-2.0

/// Notes on how a file was read.
extension CSVPass {
  /// The name, in messages, of the line that defines the number of fields.
  var firstLineName: String {
    head?.dialect.hasHeader == false ? "first line" : "header"
  }

  /// Notes on the whole file, one line each.
  var fileNotes: [SchemaNote] { fileNoteTexts.map { SchemaNote(topic: .file, text: $0) } }

  private var fileNoteTexts: [String] {
    guard let head else { return [] }
    let dialect = head.dialect
    var notes: [String] = []
    if dialect.encoding != .utf8 {
      notes.append(
        "the text is read as \(dialect.encoding.name); generated rows use it too, unless "
          + "generate --encoding says otherwise")
    }
    if head.skippedLines > 0 {
      notes.append(
        "\(Self.pluralized(head.skippedLines, "line")) above the \(firstLineName) skipped: they "
          + "do not have the same fields as the lines below")
    }
    if namesLookLikeValues {
      let names = header.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
      notes.append(
        "the header looks like a row of values (\(names)): if the file has no header, read it with "
          + "--no-header")
    }
    let renamed = head.header.names.filter { name in
      name.text.map { CSVHeader.trimmed($0) != name.name } ?? false
    }
    if dialect.hasHeader && !renamed.isEmpty {
      let names = renamed.prefix(5).map { "'\($0.name)'" }.joined(separator: ", ")
      notes.append(
        "columns without a name of their own are called \(names)"
          + (renamed.count > 5 ? " and so on" : "") + "; generated files keep the original header")
    }
    if recordsWithExtraFields > 0 {
      notes.append(
        "\(Self.pluralized(recordsWithExtraFields, "line")) with more fields than columns, the extra ones "
          + "empty: they are dropped and not generated")
    } else if head.extraFields > 0 {
      notes.append(
        "the header ends in \(Self.pluralized(head.extraFields, "empty name")) without values: "
          + "dropped and not generated")
    }
    if dialect.hasBackslashEscapes && !options.hasBackslashEscapes {
      notes.append("a backslash escapes the next character, as in \\\"")
    }
    switch dialect.spaces {
    case .kept: break
    case .dropped: notes.append("spaces after delimiters are dropped and not generated")
    case .delimiting:
      notes.append("the space after each delimiter is not part of the values; it is written again")
    }
    return notes
  }

  private static func pluralized(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
