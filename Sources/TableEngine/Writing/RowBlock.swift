// SPDX-License-Identifier: Apache-2.0

import CArrow
import Tabular

/// Makes batches of a table's rows.
struct RowBlock: Sendable {
  private let exports: [ColumnExport]

  init(_ schema: Schema) { exports = schema.columns.map(ColumnExport.init) }

  /// The type of a batch.
  var schema: ArrowSchema {
    ArrowSchemaStorage.schema(name: "", format: "+s", children: exports.map(\.arrowSchema))
  }

  /// The columns of the schema.
  ///
  /// - Throws: `TabularError` where one is missing or holds an infinity.
  func columns(of table: Table) throws(TabularError) -> [Column] {
    var columns: [Column] = []
    for export in exports {
      guard let column = table[export.name] else {
        throw .invalidTable("there is no column '\(export.name)' to write")
      }
      if let row = column.numbers?.firstIndex(where: \.isInfinite) {
        throw .invalidTable("column '\(export.name)' holds an infinity in row \(row + 1)")
      }
      columns.append(column)
    }
    return columns
  }

  /// Rows of these columns as a batch.
  ///
  /// - Throws: ``EngineError/unstorable(value:column:type:)``.
  func array(_ columns: [Column], rows: Range<Int>) throws(EngineError) -> ArrowArray {
    var children: [UnsafeMutablePointer<ArrowArray>] = []
    do throws(EngineError) {
      for (export, column) in zip(exports, columns) {
        children.append(ArrowStorage.boxed(try export.array(column, rows: rows)))
      }
    } catch {
      for child in children {
        child.pointee.release(child)
        child.deallocate()
      }
      throw error
    }
    return ArrowStorage.array(count: rows.count, missing: 0, buffers: [nil], children: children)
  }
}
