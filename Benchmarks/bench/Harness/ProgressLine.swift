import Foundation

/// One line on the terminal that is written over; silent where standard error is no terminal.
final class ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private var isShown = false

  func show(_ text: String) {
    guard isTerminal else { return }
    write("\r\u{1B}[2K" + text)
    isShown = true
  }

  func clear() {
    if isShown { write("\r\u{1B}[2K") }
    isShown = false
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
