// SPDX-License-Identifier: Apache-2.0

import Foundation
import WorkSharing
import Tabular

extension TableEncoder {
  /// The encoded form of a table that has the fitted columns, in any order. Random choices (a mode,
  /// a place in a tie) follow the seed and the row. O(columns x rows).
  ///
  /// - Parameters:
  ///   - table: each column is released once it is encoded, so that a caller who consumes the table
  ///     never holds both forms in full.
  ///   - threads: number of threads; the result does not depend on it.
  /// - Throws: ``TabularError/encoding(_:)`` where a column is missing or of another type, or holds
  ///   a category or a missing value that the fitted one did not.
  public func transform(
    _ table: consuming Table, seed: UInt64, threads: Int = usableProcessors()
  ) throws(TabularError) -> EncodedTable {
    let names = Set(table.columnNames)
    for column in columns {
      guard names.contains(column.name) else {
        throw .encoding(
          "the table has no column '\(column.name)' (it has \(table.columnNames.joined(separator: ", ")))"
        )
      }
    }
    let rowCount = table.rowCount
    let targets = Dictionary(uniqueKeysWithValues: relations.map { ($0.target, $0) })
    let source = ColumnSource(
      table, readers: columns.map { [$0.name] + (targets[$0.name]?.parts ?? []) })
    let columnIndices = columnIndices
    let encoded = parallelMap(columns.count, threads: threads) { c in
      Result { () throws(TabularError) in
        let column = columns[c]
        var input = try column.values(of: source.column(column.name))
        if let relation = targets[column.name] {
          var parts: [[Double]] = []
          for part in relation.parts {
            parts.append(try columns[columnIndices[part]!].values(of: source.column(part)))
          }
          input = relation.residual(target: input, parts: parts)
        }
        do throws(TabularError) {
          let encoder = column.encoder.encoder
          if !encoder.representsMissing, let row = input.firstIndex(where: \.isNaN) {
            throw TabularError.missingValue(row: row)
          }
          return try encoder.transform(input, seed: Self.seed(seed, column: c)).map(\.compact)
        } catch {
          throw error.ofColumn(column.name)
        }
      }
    }
    var blocks: [EncodedTable.Block] = []
    for result in encoded { blocks += try result.get() }
    return EncodedTable(spans: spans, blocks: blocks, rowCount: rowCount)
  }

  /// The encoded form of those rows of a table that can be encoded: others have categories or
  /// missing values that the fitted table has not. Nil where there are none. O(columns x rows), and
  /// as much again for each halving of the rows on the way to one that cannot.
  public func transformKnown(
    _ table: Table, seed: UInt64, threads: Int = usableProcessors()
  ) -> EncodedTable? {
    var known: [Int] = []
    func collect(_ rows: Range<Int>) {
      let part = table.selecting(rows: Array(rows))
      if (try? transform(part, seed: seed, threads: threads)) != nil {
        known += rows
      } else if rows.count > 1 {
        let middle = rows.lowerBound + rows.count / 2
        collect(rows.lowerBound..<middle)
        collect(middle..<rows.upperBound)
      }
    }
    if table.rowCount > 0 { collect(0..<table.rowCount) }
    return known.isEmpty
      ? nil : try? transform(table.selecting(rows: known), seed: seed, threads: threads)
  }

  /// Columns draw from streams of their own.
  private static func seed(_ seed: UInt64, column: Int) -> UInt64 {
    seed &+ UInt64(column) &* 0x9E37_79B9_7F4A_7C15
  }

  /// Where each column is.
  private var columnIndices: [String: Int] {
    Dictionary(uniqueKeysWithValues: zip(columns.map(\.name), 0...))
  }

  /// Rows that one task decodes: few enough to stay in a core's cache.
  private static let rowsPerTask = 1024

  /// The table that encoded rows stand for, columns in the fitted order. O(rows x width).
  ///
  /// - Parameters:
  ///   - rows: the first of `count` rows of ``width`` floats, `stride` floats apart; of a softmax
  ///     span the largest element counts.
  ///   - firstRow: the number of the first row, which keys are made from.
  ///   - seed: together with the row number, determines random choices (such as a category of a
  ///     group).
  ///   - threads: number of threads; the table does not depend on it.
  public func inverse(
    _ rows: UnsafeBufferPointer<Float>, count: Int, stride: Int, firstRow: Int = 0, seed: UInt64,
    threads: Int = usableProcessors()
  ) throws(TabularError) -> Table {
    try inverse(
      rows, stride: stride, numbers: Array(firstRow..<firstRow + count), seed: seed,
      threads: threads)
  }

  /// The same for rows of any numbers, of which several may be candidates for the same row: they
  /// draw the same random numbers.
  ///
  /// - Parameters:
  ///   - numbers: for each encoded row the number of the table's row that it stands for.
  ///   - makesKeys: whether keys are made; if not, they are missing (``replacingKeys(of:rows:seed:)``
  ///     makes them for the rows that are kept).
  package func inverse(
    _ rows: UnsafeBufferPointer<Float>, stride: Int, numbers: [Int], makesKeys: Bool = true,
    seed: UInt64, threads: Int
  ) throws(TabularError) -> Table {
    let count = numbers.count
    precondition(
      count == 0 || width == 0 || stride >= width && rows.count >= (count - 1) * stride + width)
    let decoded = UnsafeMutablePointer<Double>.allocate(capacity: max(count * columns.count, 1))
    defer { decoded.deallocate() }
    let encoders = columns.map(\.encoder.encoder)
    let empty: [Float] = [0]
    empty.withUnsafeBufferPointer { empty in
      (numbers.isEmpty ? [0] : numbers).withUnsafeBufferPointer { numbers in
        let memory = SharedMemory(
          rows: rows.baseAddress ?? empty.baseAddress!, numbers: numbers.baseAddress!,
          decoded: decoded)
        parallelFor((count + Self.rowsPerTask - 1) / Self.rowsPerTask, threads: threads) { task in
          let first = task * Self.rowsPerTask
          for (c, encoder) in encoders.enumerated() {
            encoder.inverse(
              EncodedRows(
                base: memory.rows + first * stride + offsets[c],
                count: min(Self.rowsPerTask, count - first), stride: stride,
                draws: DecodingDraws(
                  seed: Self.seed(seed, column: c), numbers: memory.numbers + first)),
              into: memory.decoded + c * count + first)
          }
        }
      }
    }
    var values = columns.indices.map { c in
      Array(UnsafeBufferPointer(start: decoded + c * count, count: count))
    }
    let columnIndices = columnIndices
    for relation in relations {
      let target = columnIndices[relation.target]!
      values[target] = relation.target(
        residual: values[target], parts: relation.parts.map { values[columnIndices[$0]!] })
    }
    for order in orders {
      let greater = columnIndices[order.greater]!
      values[greater] = order.corrected(
        values[greater], over: values[columnIndices[order.smaller]!])
    }
    return try Table(
      columns: columns.indices.map { c in
        columns[c].column(
          values[c], rows: makesKeys ? numbers : nil, seed: Self.seed(seed, column: c))
      })
  }

  /// A decoded table with the keys of other rows: for rows that were chosen among decoded ones.
  ///
  /// - Parameters:
  ///   - rows: the number of each row of the table, which its keys are generated from.
  ///   - seed: the seed that the table was decoded with.
  package func replacingKeys(
    of table: Table, rows: [Int], seed: UInt64
  ) throws(TabularError) -> Table {
    try Table(
      columns: columns.indices.map { c in
        columns[c].identifiers?.column(
          name: columns[c].name, rows: rows, seed: Self.seed(seed, column: c)) ?? table.columns[c]
      })
  }
}

/// What the tasks of one call share: rows that all read, and values of which each task writes its
/// own.
private struct SharedMemory: @unchecked Sendable {
  let rows: UnsafePointer<Float>
  let numbers: UnsafePointer<Int>
  let decoded: UnsafeMutablePointer<Double>
}
