// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Writes notes on how a table was interpreted to standard error.
enum NoteText {
  /// Limit on the number of notes, for tables with hundreds of ids.
  private static let shown = 20

  /// Writes one line per note, regardless of `--progress`.
  static func write(_ notes: [SchemaNote]) {
    var text = notes.prefix(shown).map { "note: \(VisibleText.line("\($0)"))\n" }.joined()
    if notes.count > shown {
      text +=
        "note: and \(notes.count - shown) more of this kind; `tabgan inspect FILE --json` lists all\n"
    }
    if !text.isEmpty { StandardError.write(text) }
  }
}
