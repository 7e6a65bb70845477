import Foundation

/// One reading of a CSV file with given column types.
struct CSVPass {
  private let path: String
  private let options: CSVOptions
  private let missing: MissingTexts
  private var declaredTypes: [FieldType]?
  private var header: [String] = []
  private var builders: [ColumnBuilder] = []
  private var parser = RecordParser(delimiter: 0x2c)
  /// Of each column, whether its long numbers have 17 digits where fewer would do.
  private var hasSeventeenDigits: [Bool] = []
  private var records = 0
  private var skipped = 0

  init(path: String, options: CSVOptions, types: [FieldType]?) throws(TabularError) {
    self.path = path
    self.options = options
    missing = MissingTexts(options.missingTexts)
    declaredTypes = types
  }

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
        let isWhole = carry.count >= 1 << 16 && Self.endOfFirstRecord(carry) < carry.count
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
    if header.isEmpty { throw empty("is empty") }
    if records == 0 { throw empty("has a header but no rows") }
  }

  private func empty(_ problem: String) -> TabularError {
    .malformed(
      path: path, line: nil, problem: "the file \(problem)",
      hint: "a table needs a header line and at least one row")
  }

  // MARK: Header

  /// Takes the header off the first bytes and guesses the types; returns the lines it took.
  private mutating func begin(_ bytes: inout [UInt8]) throws(TabularError) -> Int {
    try rejectForeignFormats(bytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
    let blank = bytes.firstIndex { $0 != 0x0a && $0 != 0x0d } ?? 0
    let blankLines = bytes[..<blank].withUnsafeBufferPointer(RecordParser.lineCount)
    bytes.removeFirst(blank)
    if bytes.allSatisfy({ $0 == 0x0a || $0 == 0x0d || $0 == 0x20 }) { throw empty("is empty") }
    parser = RecordParser(delimiter: options.delimiter ?? Self.findDelimiter(bytes))
    let end = Self.endOfFirstRecord(bytes)
    var names: [[UInt8]] = []
    do {
      try bytes.withUnsafeBufferPointer { buffer throws(RecordParser.Problem) in
        try parser.parse(UnsafeBufferPointer(rebasing: buffer[..<end])) { _, fields in
          if names.isEmpty { names = fields.map(Array.init) }
        }
      }
    } catch {
      throw .malformed(
        path: path, line: 1, problem: "a quote in the header is never closed",
        hint: "double the quotes inside a quoted field")
    }
    header = try names.enumerated().map { (index, name) throws(TabularError) in
      try decode(name, line: 1).trimmingCharacters(in: .whitespaces)
    }
    for (index, name) in header.enumerated() {
      if name.isEmpty {
        throw .malformed(
          path: path, line: 1, problem: "column \(index + 1) has no name",
          hint: "the first line must name every column; pandas leaves out the index with "
            + "to_csv(index=False)")
      }
      if header[..<index].contains(name) {
        throw .malformed(
          path: path, line: 1, problem: "two columns are named '\(name)'",
          hint: "every column needs a name of its own")
      }
    }
    let lines = bytes[..<end].withUnsafeBufferPointer(RecordParser.lineCount)
    bytes.removeFirst(end)
    let samples = firstFields(bytes)
    hasSeventeenDigits = samples.map(NumberTextSummary.hasSeventeenDigits)
    let types = declaredTypes ?? header.indices.map { type(of: samples[$0], name: header[$0]) }
    builders = types.map(ColumnBuilder.init)
    return blankLines + max(lines, 1)
  }

  private func rejectForeignFormats(_ bytes: [UInt8]) throws(TabularError) {
    let hints: [([UInt8], String)] = [
      ([0x50, 0x41, 0x52, 0x31], "it is a Parquet file: convert it to CSV first"),
      ([0x50, 0x4b, 0x03, 0x04], "it is a zip archive or a spreadsheet: unpack it, or export CSV"),
      ([0xff, 0xfe], "it is UTF-16: convert it to UTF-8"),
      ([0xfe, 0xff], "it is UTF-16: convert it to UTF-8"),
      ([0x28, 0xb5, 0x2f, 0xfd], "it is compressed with zstd: decompress it first"),
      ([0x42, 0x5a, 0x68], "it is compressed with bzip2: decompress it first"),
    ]
    for (magic, hint) in hints where bytes.starts(with: magic) {
      throw .malformed(path: path, line: nil, problem: "this is no CSV text", hint: hint)
    }
    // One further down is told with its line.
    if bytes.prefix(1024).contains(0) {
      throw .malformed(
        path: path, line: nil, problem: "this is no CSV text: it has NUL bytes",
        hint: "it looks like a binary file")
    }
  }

  private static func findDelimiter(_ bytes: [UInt8]) -> UInt8 {
    let head = bytes[..<endOfFirstRecord(bytes)]
    var counts: [UInt8: Int] = [:]
    var inside = false
    for byte in head {
      if byte == 0x22 { inside.toggle() } else if !inside { counts[byte, default: 0] += 1 }
    }
    // The most frequent of them; comma wins a tie.
    return [0x3b, 0x09, 0x7c].reduce(0x2c) { (counts[$1] ?? 0) > (counts[$0] ?? 0) ? $1 : $0 }
  }

  private static func endOfFirstRecord(_ bytes: [UInt8]) -> Int {
    var inside = false
    for (i, byte) in bytes.enumerated() {
      if byte == 0x22 {
        // A quote opens a name only at its beginning.
        let previous = i > 0 ? bytes[i - 1] : 0x2c
        inside = !inside && [0x2c, 0x3b, 0x09, 0x7c, 0x22, 0x0a, 0x0d].contains(previous)
      }
      if !inside && byte == 0x0a { return i + 1 }
      if !inside && byte == 0x0d {
        return i + 1 < bytes.count && bytes[i + 1] == 0x0a ? i + 2 : i + 1
      }
    }
    return bytes.count
  }

  // MARK: Types

  /// Up to 2,000 fields of each column that are not empty.
  private func firstFields(_ bytes: [UInt8]) -> [[[UInt8]]] {
    var samples = [[[UInt8]]](repeating: [], count: header.count)
    let sample = bytes.prefix(1 << 20)
    var end = sample.count
    if sample.count < bytes.count, let newline = sample.lastIndex(of: 0x0a) {
      end = newline + 1
    }
    bytes.withUnsafeBufferPointer { buffer in
      // A quote that is cut off is reported when the block itself is parsed.
      try? parser.parse(UnsafeBufferPointer(rebasing: buffer[..<end])) { _, fields in
        guard fields.count == header.count else { return }
        for (c, field) in fields.enumerated() where samples[c].count < 2000 && !field.isEmpty {
          samples[c].append(Array(field))
        }
      }
    }
    return samples
  }

  /// So many fields of one type in a row are no accident.
  private static let stretch = 100

  private func type(of sample: [[UInt8]], name: String) -> FieldType {
    let declared = options.schema?[name]
    if let format = declared?.datetimeFormat, let pattern = DatetimePattern(format) {
      return .datetime(pattern, format)
    }
    let present = sample.filter { field in
      field.withUnsafeBufferPointer { missing.match($0) } == nil
    }
    let isNumber: ([UInt8]) -> Bool = { field in
      var text = NumberText()
      let trimmed = Array(
        String(decoding: field, as: UTF8.self).trimmingCharacters(in: .whitespaces).utf8)
      return trimmed.withUnsafeBufferPointer { NumberParser.parse($0, text: &text) } != nil
    }
    if let declared, declared.kind == .continuous || declared.kind == .integer { return .number }
    let numbers = present.reduce(0) { $0 + (isNumber($1) ? 1 : 0) }
    let beginsWithNumbers =
      present.count >= Self.stretch && present.prefix(Self.stretch).allSatisfy(isNumber)
    if present.isEmpty || 2 * numbers > present.count || beginsWithNumbers { return .number }
    let fitting = DatetimePattern.known.map { format in
      DatetimePattern(format).map { pattern in
        present.reduce(0) { count, field in
          count + (field.withUnsafeBufferPointer { pattern.parse($0) } != nil ? 1 : 0)
        }
      } ?? 0
    }
    let best = fitting.indices.max {
      fitting[$0] < fitting[$1] || fitting[$0] == fitting[$1] && $0 > $1
    }
    if let best, 2 * fitting[best] > present.count {
      return Self.datetime(DatetimePattern.known[best])
    }
    return .text
  }

  private static func datetime(_ format: DatetimeFormat) -> FieldType {
    DatetimePattern(format).map { .datetime($0, format) } ?? .text
  }

  /// The first known time format behind `format` that a text follows.
  private static func datetime(of text: String, behind format: DatetimeFormat?) -> FieldType? {
    let start = format.flatMap(DatetimePattern.known.firstIndex).map { $0 + 1 } ?? 0
    let bytes = Array(text.utf8)
    return DatetimePattern.known[start...].first { format in
      bytes.withUnsafeBufferPointer { DatetimePattern(format)?.parse($0) } != nil
    }.map(datetime)
  }

  /// The type that another pass is to try where nothing but a field's text tells it, or nil.
  private func retyped(_ builder: ColumnBuilder, misfit: Misfit) -> FieldType? {
    switch builder.type {
    case .number where builder.summary.cells == 0:
      Self.datetime(of: misfit.text, behind: nil)
    // Days up to the 12th fit more than one format.
    case .datetime(_, let format): Self.datetime(of: misfit.text, behind: format)
    case .number, .text: nil
    }
  }

  /// Whether a column that began with text is one of numbers all the same.
  private func isNumeric(_ builder: ColumnBuilder) -> Bool {
    guard case .text = builder.type else { return false }
    let isNumber = builder.dictionary.levels.map { level in
      var text = NumberText()
      return level.withUnsafeBufferPointer {
        NumberParser.parse($0, text: &text) != nil || missing.match($0) != nil
      }
    }
    let present = builder.codes.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) }
    let numbers = builder.codes.reduce(0) { $0 + ($1 >= 0 && isNumber[Int($1)] ? 1 : 0) }
    return present > 0 && (present - numbers) * 200 <= present
  }

  /// The types of another pass, where this one's did not fit; nil where all is well.
  ///
  /// - Throws: for a column of numbers or times with a rare field that is neither.
  func revisedTypes() throws(TabularError) -> [FieldType]? {
    var types = builders.map(\.type)
    var changed = false
    for (c, builder) in builders.enumerated() {
      let declared = options.schema?[header[c]]
      let isQuantity =
        declared.map { [.continuous, .integer, .datetime].contains($0.kind) } ?? false
      let summary = builder.summary
      if declared == nil, declaredTypes == nil, isNumeric(builder) {
        types[c] = .number
        changed = true
      } else if !isQuantity, summary.codes * 100 > summary.cells, summary.bare == summary.cells {
        // Digits that name something, such as "00501": as numbers they would lose their zeros.
        types[c] = .text
        changed = true
        continue
      }
      guard let misfit = builder.firstMisfit else { continue }
      if declared?.kind ?? .datetime == .datetime, declared?.datetimeFormat == nil,
        let type = retyped(builder, misfit: misfit)
      {
        types[c] = type
        changed = true
        continue
      }
      let present = records - builder.missingCount
      let kind = options.schema?[header[c]]?.kind
      let isDeclared = kind == .continuous || kind == .integer || kind == .datetime
      if isDeclared || kind == nil && builder.misfitCount * 200 <= present {
        let what = if case .number = builder.type { "number" } else { "time" }
        throw .malformed(
          path: path, line: misfit.line,
          problem:
            "column '\(header[c])' is a \(what) everywhere else, but here it is '\(misfit.text)'",
          hint:
            "correct it, declare it a missing value, or declare the column categorical in a schema"
        )
      }
      // A category of numbers and text mixes them; two files in one do not.
      let after = records - misfit.record
      if kind == nil, misfit.record >= Self.stretch, after >= Self.stretch,
        builder.misfitCount * 10 >= after * 9
      {
        let what = if case .number = builder.type { "numbers" } else { "times" }
        throw .malformed(
          path: path, line: misfit.line,
          problem:
            "column '\(header[c])' holds \(what) down to the line before, and from here on text: "
            + "'\(misfit.text)'",
          hint: "correct the file, or declare the column categorical in a schema")
      }
      types[c] = .text
      changed = true
    }
    return changed ? types : nil
  }

  // MARK: Blocks

  /// Parses the whole records of `bytes`; returns the bytes and lines used.
  private mutating func parseBlock(
    _ bytes: [UInt8], firstLine: Int, isLast: Bool
  ) throws(TabularError) -> (used: Int, lines: Int) {
    let threads = max(1, options.threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let pieces = min(threads, max(1, bytes.count >> 16))
    let types = builders.map(\.type)
    let (parser, missing, width) = (self.parser, self.missing, header.count)
    let outcome = bytes.withUnsafeBufferPointer { buffer in
      let cuts = parser.cuts(buffer, count: pieces, isLast: isLast)
      let results = Slots<CSVPiece>(count: cuts.count - 1)
      let shared = SharedBytes(base: buffer)
      DispatchQueue.concurrentPerform(iterations: cuts.count - 1) { i in
        let piece = UnsafeBufferPointer(rebasing: shared.base[cuts[i]..<cuts[i + 1]])
        results.set(
          i, CSVPiece(types: types).parsed(piece, parser: parser, missing: missing, width: width))
      }
      return (cuts.last!, results.all)
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
        next.firstMisfit?.line += firstLine + lines
        next.firstMisfit?.record += records
        next.invalidText?.line += firstLine + lines
        if let invalid = next.invalidText, case .utf8 = options.encoding {
          throw notUTF8(invalid.text, line: invalid.line)
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

  private func decode(_ bytes: [UInt8], line: Int?) throws(TabularError) -> String {
    if case .latin1 = options.encoding {
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw notUTF8(String(decoding: bytes.prefix(60), as: UTF8.self), line: line)
    }
    return text
  }

  private func notUTF8(_ text: String, line: Int?) -> TabularError {
    .malformed(
      path: path, line: line, problem: "'\(text)' is not UTF-8",
      hint: "convert the file to UTF-8, or read it as Latin-1")
  }

  /// The table and its schema.
  func content() throws(TabularError) -> CSVContent {
    var columns: [Column] = []
    var formats: [SchemaInference.ColumnText] = []
    for (c, (name, builder)) in zip(header, builders).enumerated() {
      var text = SchemaInference.ColumnText(missingText: builder.missingText)
      switch builder.type {
      case .number:
        columns.append(Column(name: name, values: .number(builder.numbers)))
        text.number = builder.summary.format(hasSeventeenDigits: hasSeventeenDigits[c])
      case .datetime(_, let format):
        columns.append(Column(name: name, values: .datetime(builder.numbers)))
        text.datetime = format
      case .text:
        let levels = try builder.dictionary.levels.map { (level) throws(TabularError) in
          try decode(level, line: nil)
        }
        columns.append(Column(name: name, values: .text(codes: builder.codes, levels: levels)))
      }
      formats.append(text)
    }
    let table = try Table(columns: columns)
    var schema = SchemaInference.infer(table, texts: formats)
    if let declared = options.schema { schema = try declared.overriding(schema) }
    return CSVContent(table: table, schema: schema, skippedRecords: skipped)
  }
}
