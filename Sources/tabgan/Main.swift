import ArgumentParser
import Foundation

/// Where every error ends: one line that says what is wrong, a hint, and an exit status.
@main
enum Main {
  static func main() {
    // `tabgan generate ... | head` ends the Unix way, silently, whatever the parent has set.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try Tabgan.parseAsRoot()
      try command.run()
    } catch let error where isOfArgumentParser(error) {
      Tabgan.exit(withError: error)
    } catch {
      let failure = CommandFailure(error)
      StandardError.write("tabgan: \(failure.message)\n")
      if let hint = failure.hint { StandardError.write("  hint: \(hint)\n") }
      exit(failure.status.code)
    }
  }

  /// Whether the argument parser made this error (a wrong option, `--help`) and so can explain it.
  private static func isOfArgumentParser(_ error: any Error) -> Bool {
    error is CleanExit || error is ExitCode || error is ValidationError
      || Tabgan.exitCode(for: error) != .failure
  }
}
