import Foundation

/// What the fields of a column are taken for.
extension CSVPass {
  /// Up to 2,000 fields of each column that are not empty.
  func firstFields(_ bytes: [UInt8]) -> [[[UInt8]]] {
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

  func type(of sample: [[UInt8]], name: String) -> FieldType {
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
}
