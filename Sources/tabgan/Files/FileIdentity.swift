import Foundation

/// Which file a path leads to, whatever it is called there: its device and number.
struct FileIdentity: Hashable {
  private let device: UInt
  private let number: UInt

  /// Nil where there is nothing. Links are followed.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
  }
}
