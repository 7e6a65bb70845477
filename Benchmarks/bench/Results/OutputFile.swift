// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file that replaces an older one as a whole.
enum OutputFile {
  /// Makes the folder too.
  ///
  /// - Throws: `ResultFileFailure` with the path and the reason.
  static func write(_ text: String, to path: String) throws(ResultFileFailure) {
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw ResultFileFailure(path: path, text: "cannot be written: \(systemMessage(error))")
    }
  }
}

/// A file that cannot be read or written, or does not hold the results asked for.
struct ResultFileFailure: Error, CustomStringConvertible {
  let path: String
  let text: String
  var description: String { "\(path): \(text)" }
}

/// The reason for an error of Foundation, without its domains and numbers.
func systemMessage(_ error: any Error) -> String {
  let error = error as NSError
  if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
  if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError {
    return systemMessage(underlying)
  }
  // Foundation says "The operation could not be completed. REASON", or its domain and number.
  let reason = error.localizedDescription.split(separator: ". ", maxSplits: 1).last ?? ""
  return reason.contains("Domain") ? "the system gives no reason" : String(reason)
}
