// SPDX-License-Identifier: Apache-2.0

/// What one thread read from its piece of a block.
struct CSVPiece: Sendable {
  var builders: [ColumnBuilder]
  var records = 0
  var lines = 0
  var skipped = 0
  /// Records that end in empty fields which belong to no column.
  var recordsWithExtraFields = 0
  var ragged: (line: Int, fields: Int, isLastRecord: Bool)?
  var unclosedQuote: Int?
  var nulLine: Int?

  init(plans: [ColumnPlan]) { builders = plans.map(ColumnBuilder.init) }

  /// This piece with the records of `bytes` added.
  consuming func parsed(
    _ bytes: UnsafeBufferPointer<UInt8>, parser: RecordParser, width: Int
  ) -> CSVPiece {
    var piece = self
    piece.lines = LineEnds.count(in: bytes)
    if let nul = bytes.firstIndex(of: 0) {
      piece.nulLine = LineEnds.count(in: UnsafeBufferPointer(rebasing: bytes[..<nul]))
    }
    do throws(RecordParser.Problem) {
      try parser.parse(bytes) { line, fields in
        if piece.ragged?.isLastRecord == true { piece.ragged?.isLastRecord = false }
        let hasExtraFields = fields.count > width && fields[width...].allSatisfy(\.isEmpty)
        if hasExtraFields { piece.recordsWithExtraFields += 1 }
        guard fields.count == width || hasExtraFields else {
          if piece.ragged == nil { piece.ragged = (line, fields.count, true) }
          piece.skipped += 1
          return
        }
        for c in 0..<width {
          piece.builders[c].append(fields[c], record: piece.records, line: line)
        }
        piece.records += 1
      }
    } catch {
      piece.unclosedQuote = error.line
    }
    for c in piece.builders.indices { piece.builders[c].finish() }
    return piece
  }
}

/// Bytes that several threads read, and none writes, during one call.
struct SharedBytes: @unchecked Sendable {
  let base: UnsafeBufferPointer<UInt8>
}
