// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Shows how far a command is, on standard error.
final class ProgressDisplay {
  private enum Mode { case line, plain, silent }
  private let mode: Mode
  private let clock = ContinuousClock()
  private var lastShown: ContinuousClock.Instant?
  private var lineIsShown = false

  init(_ style: ProgressStyle) {
    switch style {
    case .auto:
      let isDumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
      mode = StandardError.isTerminal && !isDumb ? .line : .silent
    case .plain: mode = .plain
    case .none: mode = .silent
    }
  }

  deinit { clear() }

  /// Shows `text` if it is time to: ten times a second on a terminal, every ten seconds as plain
  /// lines.
  ///
  /// - Parameters:
  ///   - isStage: whether a stage begins, which is shown on a terminal at once.
  ///   - isLast: whether the work is complete, which is always shown.
  func show(isStage: Bool = false, isLast: Bool = false, _ text: () -> String) {
    guard mode != .silent else { return }
    let now = clock.now
    let pause: Duration = mode == .line ? .milliseconds(100) : .seconds(10)
    if !isLast, !(isStage && mode == .line), let lastShown, now - lastShown < pause { return }
    lastShown = now
    if mode == .line {
      StandardError.write("\r" + String(VisibleText.line(text()).prefix(width)) + "\u{1B}[K")
      lineIsShown = true
    } else {
      StandardError.show(text())
    }
  }

  /// A line that stays, as when one of several parts is done.
  func note(_ text: @autoclosure () -> String) {
    guard mode != .silent else { return }
    clear()
    StandardError.show(text())
  }

  /// Takes the line away that is rewritten in place.
  func clear() {
    if lineIsShown { StandardError.write("\r\u{1B}[K") }
    lineIsShown = false
  }

  /// Characters that a line may have.
  var width: Int { mode == .line ? Self.terminalWidth - 1 : .max }

  private static var terminalWidth: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1
      ? Int(size.ws_col) : 80
  }
}
