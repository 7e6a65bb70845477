// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How the columns are read, and what another pass must read differently.
extension CSVPass {
  /// Up to 2,000 non-empty fields of each column.
  func firstFields(_ bytes: [UInt8]) -> [[[UInt8]]] {
    var samples = [[[UInt8]]](repeating: [], count: header.count)
    let sample = bytes.prefix(1 << 20)
    var end = sample.count
    if sample.count < bytes.count, let newline = sample.lastIndex(of: 0x0a) {
      end = newline + 1
    }
    bytes.withUnsafeBufferPointer { buffer in
      // An unclosed quote is reported when the block itself is parsed.
      try? parser.parse(UnsafeBufferPointer(rebasing: buffer[..<end])) { _, fields in
        guard fields.count >= header.count else { return }
        for c in header.indices
        where samples[c].count < Self.maxSamples && !fields[c].isEmpty {
          samples[c].append(Array(fields[c]))
        }
      }
    }
    return samples
  }

  private static let maxSamples = 2000
  /// If at most one value in this many does not fit, it is reported as an error in the file.
  private static let rareMismatches = 200
  /// A column whose type was revised this many times is read as text.
  private static let maxRevisions = 5

  // MARK: First plans

  /// The plans for all columns, from their first fields.
  func firstPlans(_ samples: [[[UInt8]]]) -> [ColumnPlan] {
    header.indices.map { c in
      let typing = ColumnTyping(
        missing: missingTexts(header[c]), usesDecimalComma: usesDecimalComma)
      return plan(typing, samples[c], declared: options.schema?[header[c]])
    }
  }

  /// Whether some column certainly uses a decimal comma.
  func provesDecimalComma(_ samples: [[[UInt8]]]) -> Bool {
    samples.indices.contains { c in
      ColumnTyping(missing: missingTexts(header[c])).provesDecimalComma(samples[c])
    }
  }

  private func missingTexts(_ name: String) -> MissingTexts {
    let own = options.schema?[name]?.missingTexts.subtracting([""]) ?? []
    if own.isEmpty { return usualMissing }
    return MissingTexts(
      options.missingTexts, declared: options.declaredMissingTexts.union(own))
  }

  private func plan(
    _ typing: ColumnTyping, _ sample: [[UInt8]], declared: ColumnSchema?
  ) -> ColumnPlan {
    var plan = typing.plan(sample)
    guard let declared else { return plan }
    if let format = declared.datetimeFormat {
      let present = sample.map(ColumnTyping.trimmed).filter { field in
        field.withUnsafeBufferPointer { typing.missing.match($0) } == nil
      }
      let found = DatetimeInference.find(present, declared: format)
      if let reader = TimeReader(found) { plan.type = .datetime(reader) }
      return plan
    }
    if let notation = declared.numberFormat?.notation {
      plan.type = .affixed(NotationReader(notation))
      return plan
    }
    if declared.kind == .continuous || declared.kind == .integer {
      switch plan.type {
      case .number, .affixed: break
      case .datetime, .text: plan.type = .number
      }
    }
    return plan
  }

  // MARK: Other plans

  /// The plans for another pass if this one's did not fit; nil if they did.
  ///
  /// - Throws: if a column of numbers or times has a rare field that is neither.
  func revisedPlans() throws(TabularError) -> [ColumnPlan]? {
    var plans = builders.map(\.plan)
    var hasChanged = false
    for c in builders.indices {
      guard var plan = try revision(c) else { continue }
      plan.revisions += 1
      plans[c] = plan
      hasChanged = true
    }
    if !hasChanged { hasChanged = resolveDayAndMonth(&plans) }
    return hasChanged ? plans : nil
  }

  private func revision(_ c: Int) throws(TabularError) -> ColumnPlan? {
    let builder = builders[c]
    var plan = builder.plan
    let declared = options.schema?[header[c]]
    if plan.textReason != nil { return nil }
    if case .text = plan.type { return late(builder, declared: declared) }
    let isQuantity = declared.map { [.continuous, .integer].contains($0.kind) } ?? false
    if !isQuantity, let example = code(builder) {
      return plan.asText(.code(example: example))
    }
    if case .datetime(var reader) = plan.type, reader.pattern.hasZone, !reader.isUniversal,
      builder.zones.zones() == nil
    {
      reader.isUniversal = true
      plan.type = .datetime(reader)
      return plan
    }
    guard let mismatch = builder.mismatches.first else { return nil }
    let texts = builder.mismatches.texts.map(\.text)
    let typing = ColumnTyping(missing: plan.missing, usesDecimalComma: usesDecimalComma)
    let isFixed = declared?.datetimeFormat != nil || declared?.numberFormat?.notation != nil
    if plan.revisions < Self.maxRevisions, !isFixed,
      let type = typing.refit(samples[c], mismatches: texts, present: plan.type)
    {
      plan.type = type
      return plan
    }
    if plan.revisions < Self.maxRevisions, let spellings = missingSpellings(builder) {
      plan.missing = plan.missing.adding(spellings)
      return plan
    }
    let present = records - builder.missingCount
    let isDeclared = isQuantity || declared?.kind == .datetime
    let text = String(decoding: mismatch.text.prefix(60), as: UTF8.self)
    if isDeclared || declared == nil && builder.mismatches.count * Self.rareMismatches <= present {
      let value = plan.type.valueName.dropLast()
      throw .malformed(
        path: path, line: mismatch.line,
        problem: "column '\(header[c])' is a \(value) everywhere else, but here it is '\(text)'",
        hint: "correct it, read it as a missing value with --missing '\(text)', or declare the "
          + "column categorical in a schema")
    }
    return plan.asText(
      .mismatch(
        values: plan.type.valueName, example: text, line: mismatch.line,
        share: Double(builder.mismatches.count) / Double(max(present, 1))))
  }

  /// An example of a whole number whose text holds more than its value, such as the code "00501" or
  /// a key of 19 digits; nil if there is none.
  private func code(_ builder: ColumnBuilder) -> String? {
    let summary = builder.summary
    guard case .number = builder.plan.type, summary.isBare else { return nil }
    return summary.firstCode
  }

  /// A new plan for a column that began with text although most of it is not text; nil otherwise.
  private func late(_ builder: ColumnBuilder, declared: ColumnSchema?) -> ColumnPlan? {
    guard isFirst, declared == nil || declared?.kind == .datetime else { return nil }
    let present = builder.codes.filter { $0 >= 0 }
    guard !present.isEmpty else { return nil }
    let count = min(present.count, Self.maxSamples)
    let fields = (0..<count).map {
      builder.dictionary.categories[Int(present[$0 * present.count / count])]
    }
    let plan = ColumnTyping(missing: builder.plan.missing, usesDecimalComma: usesDecimalComma)
      .plan(fields)
    if case .text = plan.type { return nil }
    return plan
  }

  /// The few repeated texts that replace a number or a time; nil if there are other texts too.
  private func missingSpellings(_ builder: ColumnBuilder) -> [String]? {
    let mismatches = builder.mismatches
    guard !mismatches.isOverflowing, mismatches.texts.count <= ColumnTyping.maxSpellings,
      mismatches.texts.allSatisfy({ $0.count >= ColumnTyping.minRepeats })
    else { return nil }
    // A column of few numbers and few words is a category and keeps them all.
    var numbers: Set<Double> = []
    for value in builder.numbers where !value.isNaN {
      numbers.insert(value)
      if numbers.count > ColumnTyping.fewNumbers {
        return mismatches.texts.map { String(decoding: $0.text, as: UTF8.self) }
      }
    }
    return nil
  }

  // MARK: Days and months

  /// Swaps day and month in columns whose dates allow both orders if the other columns require it.
  private func resolveDayAndMonth(_ plans: inout [ColumnPlan]) -> Bool {
    var orders: Set<Bool> = []
    for builder in builders {
      guard case .datetime(let reader) = builder.plan.type,
        reader.alternative == nil || builder.unambiguousTimes > 0,
        let isMonthFirst = reader.pattern.isMonthFirst
      else { continue }
      orders.insert(isMonthFirst)
    }
    guard orders.count == 1, let order = orders.first else { return false }
    var hasChanged = false
    for (c, builder) in builders.enumerated() {
      guard case .datetime(let reader) = builder.plan.type, builder.unambiguousTimes == 0,
        let alternative = reader.alternative, reader.pattern.isMonthFirst != order,
        options.schema?[header[c]]?.datetimeFormat == nil,
        let discretized = TimeReader(alternative.format)
      else { continue }
      plans[c].type = .datetime(discretized)
      hasChanged = true
    }
    return hasChanged
  }

  // MARK: Notes

  /// Notes on how the columns were read.
  var notes: [SchemaNote] {
    builders.indices.flatMap { c in
      let (name, builder) = (header[c], builders[c])
      var notes: [SchemaNote] = []
      switch builder.plan.textReason {
      case .code(let example): notes.append(.code(column: name, example: example))
      case .mismatch(let values, let example, let line, let share):
        notes.append(
          .readAsText(column: name, values: values, example: example, line: line, share: share))
      case nil: break
      }
      let found = builder.plan.missing.added.filter { text in
        builder.missingTexts.contains { $0.text == text }
      }
      if !found.isEmpty { notes.append(.missing(column: name, texts: found)) }
      if builder.padding.hasSpaces && builder.padding.padding.isNone {
        notes.append(.spacesRemoved(column: name))
      }
      guard case .datetime(let reader) = builder.plan.type else { return notes }
      if reader.alternative != nil, builder.unambiguousTimes == 0,
        builder.numbers.contains(where: { !$0.isNaN })
      {
        notes.append(.ambiguousDayAndMonth(column: name, pattern: reader.pattern.format.pattern))
      }
      if reader.isUniversal { notes.append(.convertedToUTC(column: name)) }
      if builder.truncatedTimes > 0 { notes.append(.cutToMicroseconds(column: name)) }
      return notes
    }
  }
}
