import Foundation
import WorkSharing

/// One reading of a CSV file with given column types.
struct CSVPass {
  let path: String
  let options: CSVOptions
  /// The plans of the pass before; nil in the first.
  private let givenPlans: [ColumnPlan]?
  private(set) var header: [String] = []
  private(set) var builders: [ColumnBuilder] = []
  private(set) var parser = RecordParser(delimiter: 0x2c)
  /// The first fields of each column.
  private(set) var samples: [[[UInt8]]] = []
  /// Whether a column has decimal commas for sure.
  private(set) var usesDecimalComma = false
  /// Of each column, whether its long numbers have 17 digits where fewer would do.
  private var hasSeventeenDigits: [Bool] = []
  private(set) var records = 0
  private var skipped = 0

  init(path: String, options: CSVOptions, plans: [ColumnPlan]?) throws(TabularError) {
    self.path = path
    self.options = options
    givenPlans = plans
  }

  /// Whether this is the first pass.
  var isFirst: Bool { givenPlans == nil }

  /// Reads the whole file into the builders.
  mutating func run() throws(TabularError) {
    let source = try BlockReader(path: path)
    var carry: [UInt8] = []
    var line = 1
    var isFirst = true
    while true {
      let block = try source.next()
      options.progress?(source.bytesRead, source.totalBytes)
      let isLast = block.isEmpty
      carry += block
      if isFirst {
        // Enough to see a header and some records, or all there is.
        let isWhole = carry.count >= 1 << 16 && CSVHead.endOfFirstRecord(carry) < carry.count
        if !isLast && !isWhole { continue }
        isFirst = false
        line += try begin(&carry)
      }
      if carry.isEmpty {
        if isLast { break }
        continue
      }
      let (used, lines) = try parseBlock(carry, firstLine: line, isLast: isLast)
      line += lines
      carry.removeFirst(used)
      if isLast { break }
    }
    if header.isEmpty { throw CSVHead.empty("is empty", path: path) }
    if records == 0 { throw CSVHead.empty("has a header but no rows", path: path) }
  }

  // MARK: Header

  /// Takes the header off the first bytes and guesses the types; returns the lines it took.
  private mutating func begin(_ bytes: inout [UInt8]) throws(TabularError) -> Int {
    let head = try CSVHead(bytes, path: path, options: options)
    parser = RecordParser(delimiter: head.delimiter)
    header = head.names
    bytes.removeFirst(head.bytes)
    samples = firstFields(bytes)
    hasSeventeenDigits = samples.map(NumberTextSummary.hasSeventeenDigits)
    usesDecimalComma = provesDecimalComma(samples)
    builders = (givenPlans ?? firstPlans(samples)).map(ColumnBuilder.init)
    return head.lines
  }

  // MARK: Blocks

  private var threads: Int { max(1, options.threads ?? usableProcessors()) }

  /// Parses the whole records of `bytes`; returns the bytes and lines used.
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
      for c in builders.indices {
        var next = piece.builders[c]
        next.misfits.moveDown(records: records, lines: firstLine + lines)
        next.invalidText?.line += firstLine + lines
        if let invalid = next.invalidText, case .utf8 = options.encoding {
          throw CSVText.notUTF8(invalid.text, path: path, line: invalid.line)
        }
        builders[c].add(next)
      }
      records += piece.records
      lines += piece.lines
    }
    return (outcome.0, lines)
  }

  /// The first thing that is wrong with a piece, whatever else is: how the file was cut must not
  /// show.
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
          "this line has \(ragged.fields) fields, the header has \(header.count)"
            + (isEnd ? ": the file is cut off in the middle of its last line" : ""),
          "correct the line, or ask for such lines to be skipped"
        ))
    }
    if let line = piece.unclosedQuote {
      problems.append(
        (
          line, "a quoted field that begins here is not closed properly",
          "double the quotes inside a quoted field"
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
        leadingBlanks: builder.leadingBlanks)
      switch builder.plan.type {
      case .number:
        columns.append(Column(name: name, values: .number(builder.numbers)))
        text.number = builder.summary.format(hasSeventeenDigits: hasSeventeenDigits[c])
      case .dressed(let reader):
        columns.append(Column(name: name, values: .number(builder.numbers)))
        text.number = builder.summary.format(
          hasSeventeenDigits: false, notation: reader.notation)
      case .datetime(let reader):
        columns.append(Column(name: name, values: .datetime(builder.numbers)))
        text.datetime = reader.format(builder.zones)
      case .text:
        let levels = try builder.dictionary.levels.map { (level) throws(TabularError) in
          try CSVText.decode(level, encoding: options.encoding, path: path, line: nil)
        }
        columns.append(Column(name: name, values: .text(codes: builder.codes, levels: levels)))
      }
      formats.append(text)
    }
    let table = try Table(columns: columns)
    var schema = SchemaInference.infer(table, texts: formats, threads: threads)
    if var declared = options.schema {
      // A declared format of times is read leniently, and written as the file does.
      for c in declared.columns.indices where declared.columns[c].datetimeFormat != nil {
        if let found = schema[declared.columns[c].name]?.datetimeFormat {
          declared.columns[c].datetimeFormat = found
        }
      }
      schema = try declared.overriding(schema)
    }
    return CSVContent(table: table, schema: schema, skippedRecords: skipped, notes: notes)
  }
}
