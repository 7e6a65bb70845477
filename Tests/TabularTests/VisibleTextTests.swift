// SPDX-License-Identifier: Apache-2.0

import Tabular
import Testing

@Suite("Text that is safe to show on a terminal")
struct VisibleTextTests {
  /// The text without line feeds, including those after carriage returns.
  private static func unbroken(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\n" }))
  }

  @Test(
    "Control sequences are written as escapes",
    arguments: [
      ("plain, übrig, 日本, 👩‍👩‍👧", "plain, übrig, 日本, 👩‍👩‍👧"),
      ("esc\u{1B}[31m", "esc\\u{1b}[31m"),
      ("\u{1B}]0;title\u{07}", "\\u{1b}]0;title\\u{7}"),
      ("a\u{9B}2J", "a\\u{9b}2J"), ("del\u{7F}", "del\\u{7f}"), ("\0", "\\u{0}"),
      ("a\nb\tc\rd", "a\\nb\\tc\\rd"), ("a\r\nb", "a\\r\\nb"),
      ("a\u{85}b\u{2028}", "a\\u{85}b\\u{2028}"),
      ("\u{202E}gpj.exe\u{2066}x\u{2069}\u{200F}", "\\u{202e}gpj.exe\\u{2066}x\\u{2069}\\u{200f}"),
      ("\u{FEFF}a\u{200B}\u{2060}", "\\u{feff}a\\u{200b}\\u{2060}"), ("\u{E0041}", "\\u{e0041}"),
    ])
  func escapes(text: String, shown: String) {
    #expect(VisibleText.line(text) == shown)
    #expect(
      VisibleText.lines("x\n" + Self.unbroken(text))
        == "x\n" + VisibleText.line(Self.unbroken(text)), "\(shown)")
  }

  @Test("All control characters are caught, and no printable one of Latin-1 is")
  func latin1() {
    for value in UInt8.min...UInt8.max {
      let text = String(Unicode.Scalar(value))
      let isControl = value < 0x20 || (0x7F..<0xA0).contains(value)
      #expect((VisibleText.line(text) != text) == isControl, "\(value)")
    }
  }

  @Test(
    "Values with invisible ends are quoted",
    arguments: [
      ("Private", "Private"), (" Private", "' Private'"), ("a ", "'a '"), ("", "''"),
      ("\ta", "'\\ta'"),
      ("a b", "a b"), ("\u{A0}a", "'\u{A0}a'"),
    ])
  func values(text: String, shown: String) { #expect(VisibleText.value(text) == shown) }
}
