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
        "the text is read as \(dialect.encoding.name); generated rows are written so, too, unless "
          + "generate --encoding says otherwise")
    }
    if head.skippedLines > 0 {
      notes.append(
        "\(Self.counted(head.skippedLines, "line")) above the \(firstLineName) passed over: they "
          + "have other fields than all lines below")
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
          + (renamed.count > 5 ? " and so on" : "") + "; generated files have the header as it is")
    }
    if recordsWithSurplus > 0 {
      notes.append(
        "\(Self.counted(recordsWithSurplus, "line")) with more fields than columns, all of those "
          + "empty: they are left out, and not generated")
    } else if head.surplusFields > 0 {
      notes.append(
        "the header ends in \(Self.counted(head.surplusFields, "empty name")) without values: left "
          + "out, and not generated")
    }
    if dialect.hasBackslashEscapes && !options.hasBackslashEscapes {
      notes.append("a backslash takes the character behind it as it is, as in \\\"")
    }
    switch dialect.blanks {
    case .kept: break
    case .dropped: notes.append("blanks behind delimiters are left out, and not generated")
    case .delimiting:
      notes.append("the blank behind each delimiter is no part of the values; it is written again")
    }
    return notes
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
