// SPDX-License-Identifier: Apache-2.0

/// The form of a file of rows, by its name.
enum OutputForm {
  private static let parquetEndings = [".parquet", ".parq", ".pq"]

  /// Whether a file of this name is Parquet, which the engine writes; all others are CSV.
  static func isParquet(_ path: String) -> Bool {
    parquetEndings.contains(where: path.lowercased().hasSuffix)
  }
}
