// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A library opened at run time.
struct DynamicLibrary {
  let handle: UnsafeMutableRawPointer
  let path: String

  /// Opens a library; with `isGlobal` those opened later find its functions too.
  init(path: String, isGlobal: Bool = false) throws {
    // Lazy: the parts of MKL refer to each other, so none could be bound whole before the others.
    let mode = RTLD_LAZY | (isGlobal ? RTLD_GLOBAL : RTLD_LOCAL)
    guard let handle = dlopen(path, mode) else {
      throw PeerFailure(peer: path, text: dlerror().map { String(cString: $0) } ?? "not opened")
    }
    self.handle = handle
    self.path = path
  }

  /// The address of the first of `names` that the library has.
  func address(_ names: String...) -> UnsafeMutableRawPointer? {
    names.lazy.compactMap { dlsym(handle, $0) }.first
  }

  /// The first of `names` as a C function; an error if the library has none of them.
  func function<Function>(_ names: String..., as type: Function.Type) throws -> Function {
    guard let address = names.lazy.compactMap({ dlsym(handle, $0) }).first else {
      throw PeerFailure(peer: path, text: "it has no function \(names.joined(separator: ", "))")
    }
    return unsafeBitCast(address, to: type)
  }
}

/// A library beside ours that could not be opened, or did not do what was asked.
struct PeerFailure: Error, CustomStringConvertible {
  let peer: String
  let text: String
  var description: String { "\(peer): \(text)" }
}
