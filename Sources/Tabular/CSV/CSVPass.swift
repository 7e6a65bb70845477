// SPDX-License-Identifier: Apache-2.0

import Foundation
import WorkSharing

/// One reading of a CSV file with given column types.
struct CSVPass {
  let input: TableInput
  let options: CSVOptions
  /// The missing-value markers shared by all columns without declared ones.
  let usualMissing: MissingTexts
  /// The revised plans for this pass; nil in the first pass.
  private let givenPlans: [ColumnPlan]?
  private(set) var head: CSVHead?
  private(set) var header: [String] = []
  private(set) var builders: [ColumnBuilder] = []
  private(set) var parser = RecordParser(CSVDialect())
  /// The first fields of each column.
  private(set) var samples: [[[UInt8]]] = []
  /// Whether some column certainly uses a decimal comma.
  private(set) var usesDecimalComma = false
  /// For each column, whether its long numbers have 17 digits where fewer would suffice.
  private var hasSeventeenDigits: [Bool] = []
  private(set) var records = 0
  private var skipped = 0
  /// Records that end in empty fields which belong to no column.
  private(set) var recordsWithExtraFields = 0
  private(set) var namesLookLikeValues = false

  init(input: TableInput, options: CSVOptions, plans: [ColumnPlan]?) {
    self.input = input
    self.options = options
    usualMissing = MissingTexts(options.missingTexts, declared: options.declaredMissingTexts)
    givenPlans = plans
  }

  /// Whether this is the first pass.
  var isFirst: Bool { givenPlans == nil }

  var path: String { input.name }

  /// Reads the entire file into the builders.
  mutating func run() throws(TabularError) {
    let source = BlockReader(input, encoding: options.encoding)
    var carry: [UInt8] = []
    var line = 1
    while true {
      let block = try source.next()
      options.progress?(source.bytesRead, source.totalBytes)
      let isLast = block.isEmpty
      carry += block
      if head == nil {
        if !isLast, try !Self.isSample(carry, path: path) { continue }
        line += try begin(&carry, isWholeFile: isLast, source)
      }
      if carry.isEmpty {
        if isLast { break }
        continue
      }
      let (used, lines) = try parseBlock(carry, firstLine: line, isLast: isLast)
      line += lines
      carry.removeFirst(used)
      if isLast { break }
      guard carry.count < CSVHead.maxBytes else {
        throw Self.endless(path: path, line: line, "the record that begins here")
      }
    }
    if skipped > records {
      throw .malformed(
        path: path, line: nil,
        problem: "\(skipped) of \(skipped + records) lines do not have "
          + "the \(header.count) fields of the \(firstLineName)",
        hint: "too many to skip: check the delimiter (--delimiter) and the lines above "
          + "the header (--skip-lines)")
    }
    if records == 0 { throw CSVHead.empty("has a header but no rows", path: path) }
  }

  // MARK: Header

  /// Whether the first bytes show a header and some records.
  private static func isSample(_ bytes: [UInt8], path: String) throws(TabularError) -> Bool {
    if bytes.prefix(1024).contains(0) { return true }
    guard bytes.count >= 1 << 16 else { return false }
    let end = CSVHead.endOfFirstRecord(bytes[...])
    guard bytes.count >= CSVHead.maxBytes else { return bytes.count >= 4 * end }
    if end == bytes.count { throw endless(path: path, line: 1, "the first record") }
    return true
  }

  private static func endless(path: String, line: Int, _ what: String) -> TabularError {
    .malformed(
      path: path, line: line,
      problem: "\(what) is longer than \(CSVHead.maxBytes >> 20) MiB",
      hint: "is there an unclosed quote, or is this not a text table?")
  }

  /// Removes the header from the first bytes and guesses the types; returns the number of header
  /// lines.
  private mutating func begin(
    _ bytes: inout [UInt8], isWholeFile: Bool, _ source: BlockReader
  ) throws(TabularError) -> Int {
    let head = try CSVHead(
      bytes, isWholeFile: isWholeFile, path: path, options: options, encoding: source.encoding,
      hasByteOrderMark: source.hasByteOrderMark)
    self.head = head
    parser = RecordParser(head.dialect)
    header = head.header.names.map(\.name)
    bytes.removeFirst(head.bytes)
    samples = firstFields(bytes)
    hasSeventeenDigits = samples.map(NumberTextSummary.hasSeventeenDigits)
    usesDecimalComma = provesDecimalComma(samples)
    let plans = givenPlans ?? firstPlans(samples)
    builders = plans.map(ColumnBuilder.init)
    namesLookLikeValues =
      head.dialect.hasHeader
      && HeaderCheck(header, types: plans.map(\.type), samples: samples).isValues
    return head.lines
  }

  // MARK: Blocks

  private var threads: Int { max(1, options.threads ?? usableProcessors()) }

  /// Parses the complete records of `bytes`; returns the bytes and lines used.
  private mutating func parseBlock(
    _ bytes: [UInt8], firstLine: Int, isLast: Bool
  ) throws(TabularError) -> (used: Int, lines: Int) {
    let pieces = min(threads, max(1, bytes.count >> 16))
    let plans = builders.map(\.plan)
    let (parser, width) = (self.parser, header.count)
    let outcome = bytes.withUnsafeBufferPointer { buffer in
      let cuts = parser.cuts(buffer, count: pieces, isLast: isLast)
      let shared = SharedBytes(base: buffer)
      let results = parallelMap(cuts.count - 1, threads: threads) { i in
        let piece = UnsafeBufferPointer(rebasing: shared.base[cuts[i]..<cuts[i + 1]])
        return CSVPiece(plans: plans).parsed(piece, parser: parser, width: width)
      }
      return (cuts.last!, results)
    }
    var lines = 0
    for (i, piece) in outcome.1.enumerated() {
      let isEnd = isLast && i == outcome.1.count - 1
      if let problem = problem(of: piece, firstLine: firstLine + lines, isLast: isEnd) {
        throw problem
      }
      skipped += piece.skipped
      recordsWithExtraFields += piece.recordsWithExtraFields
      for c in builders.indices {
        var next = piece.builders[c]
        next.mismatches.moveDown(records: records, lines: firstLine + lines)
        next.invalidText?.line += firstLine + lines
        if let invalid = next.invalidText {
          throw CSVText.notUTF8(invalid.bytes, path: path, line: invalid.line)
        }
        builders[c].add(next)
      }
      records += piece.records
      lines += piece.lines
    }
    return (outcome.0, lines)
  }

  /// The first problem in a piece by line, so that the error does not depend on how the file was
  /// cut.
  private func problem(of piece: CSVPiece, firstLine: Int, isLast: Bool) -> TabularError? {
    var problems: [(line: Int, problem: String, hint: String)] = []
    if let line = piece.nulLine {
      problems.append((line, "there are NUL bytes here", "the file is damaged or binary"))
    }
    if let ragged = piece.ragged, case .fail = options.raggedRecords {
      let isEnd = isLast && ragged.isLastRecord && ragged.fields < header.count
      problems.append(
        (
          ragged.line,
          "this line has \(ragged.fields) fields, the \(firstLineName) has \(header.count)"
            + (isEnd ? ": the file is cut off in the middle of its last line" : ""),
          "correct the line, or skip such lines (--bad-lines skip); if the header is "
            + "further down, use --skip-lines; if fields are split wrongly, use --delimiter"
        ))
    }
    if let line = piece.unclosedQuote {
      problems.append(
        (
          line, "a quoted field that begins here is not closed properly",
          "double the quotes inside a quoted field, or read \\\" as a quote "
            + "(--backslash-escapes)"
        ))
    }
    return problems.min { $0.line < $1.line }.map {
      .malformed(path: path, line: firstLine + $0.line, problem: $0.problem, hint: $0.hint)
    }
  }

  // MARK: Result

  /// The table and its schema.
  func content() throws(TabularError) -> CSVContent {
    var columns: [Column] = []
    var formats: [SchemaInference.ColumnText] = []
    for (c, (name, builder)) in zip(header, builders).enumerated() {
      var text = SchemaInference.ColumnText(
        missing: builder.missingTexts.map { MissingText(text: $0.text, count: $0.count) },
        padding: builder.padding.padding)
      switch builder.plan.type {
      case .number:
        columns.append(Column(name: name, values: .number(builder.numbers)))
        text.number = builder.summary.format(hasSeventeenDigits: hasSeventeenDigits[c])
      case .affixed(let reader):
        columns.append(Column(name: name, values: .number(builder.numbers)))
        text.number = builder.summary.format(
          hasSeventeenDigits: false, notation: reader.notation)
      case .datetime(let reader):
        columns.append(Column(name: name, values: .datetime(builder.numbers)))
        text.datetime = reader.format(builder.zones)
      case .text:
        let categories = try builder.dictionary.categories.map { (category) throws(TabularError) in
          try CSVText.decode(category, path: path, line: nil)
        }
        columns.append(
          Column(name: name, values: .text(codes: builder.codes, categories: categories)))
      }
      formats.append(text)
    }
    let table = try Table(columns: columns)
    var schema = SchemaInference.infer(table, texts: formats, threads: threads)
    if let head {
      var columns = schema.columns
      for (c, name) in head.header.names.enumerated() { columns[c].headerText = name.text }
      schema = Schema(columns: columns, dialect: head.dialect)
    }
    if let options = options.schema {
      schema = try options.keepingTimeFormats(of: schema).overriding(schema)
    }
    return CSVContent(
      table: table, schema: schema, skippedRecords: skipped, notes: fileNotes + notes)
  }
}
