import Tabular

/// Notes on how a table was understood, on standard error.
enum NoteText {
  /// A table of hundreds of ids must not push all else off the screen.
  private static let shown = 20

  /// Writes a line for each note, whatever `--progress` is.
  static func write(_ notes: [SchemaNote]) {
    var text = notes.prefix(shown).map { "note: \(VisibleText.line("\($0)"))\n" }.joined()
    if notes.count > shown {
      text +=
        "note: and \(notes.count - shown) more of this kind; `tabgan inspect FILE --json` lists all\n"
    }
    if !text.isEmpty { StandardError.write(text) }
  }
}
