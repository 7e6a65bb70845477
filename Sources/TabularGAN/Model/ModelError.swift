// SPDX-License-Identifier: Apache-2.0

/// Why a model folder cannot be read or written. Each description says what to do.
public enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no model in that folder.
  case notFound(folder: String)
  /// A file of the folder is damaged or does not belong to the others.
  case damaged(file: String, problem: String)
  /// The folder was written by a later version of this program.
  case laterVersion(folder: String, found: Int, supported: Int)
  /// The folder was written by an earlier version, whose models are read no longer.
  case earlierVersion(folder: String, found: Int, supported: Int)
  /// A file could not be written.
  case unwritable(path: String, reason: String)

  /// The problem on one line, with what to do in parentheses.
  public var description: String {
    switch self {
    case .notFound(let folder):
      "\(folder): there is no model here (name the folder that training wrote, with model.json in it)"
    case .damaged(let file, let problem):
      "\(file): the model is damaged: \(problem) (train again, or restore the folder from a copy)"
    case .laterVersion(let folder, let found, let supported):
      "\(folder): the model has format \(found), this program reads up to \(supported) (update the program)"
    case .earlierVersion(let folder, let found, let supported):
      "\(folder): the model has format \(found), this program reads format \(supported) (train again)"
    case .unwritable(let path, let reason):
      "\(path): \(reason) (check that the folder exists, is writable and has space)"
    }
  }
}
