/// A training report as text for people.
struct TrainingSummary {
  private let report: TrainingReport
  /// Operations per second at the best sample of the limit.
  private let peak: Double

  init(_ report: TrainingReport, limits: [MeasuredLimit]) {
    self.report = report
    peak = report.peak(in: limits) ?? .nan
  }

  var frameworks: String {
    report.frameworks.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
  }

  /// A line for each cell; ratios are the fastest peer's time over ours.
  var table: TextTable {
    var columns: [(title: String, alignment: TextTable.Alignment)] = [
      ("step", .left), ("ms", .right), ("rows/s", .right), ("of peak", .right),
    ]
    let names = report.frameworks.map(\.name)
    for name in names { columns += [(name, .right), ("of peak", .right)] }
    if !names.isEmpty { columns += [("ratio", .right), ("", .left)] }
    columns.append(("spread", .right))
    var table = TextTable(columns)
    for line in report.lines {
      var row = [line.cell.label] + cells(line.ours, line)
      row.insert(Format.fixed(Double(line.cell.batch) / line.ours.medianSeconds, digits: 0), at: 2)
      for name in names {
        let side = line.peers.first { $0.name == name }
        row += side.map { cells($0, line) } ?? ["", ""]
      }
      if !names.isEmpty {
        row += [
          line.ratio.map { Format.fixed($0, digits: 2) } ?? "", Self.verdict(line.ratio),
        ]
      }
      row.append(Format.percent(([line.ours] + line.peers).map(\.spread).max() ?? 0))
      table.append(row)
    }
    return table
  }

  /// The geometric mean of the ratios and the number of losses; nothing without peers.
  var mean: String? {
    let ratios = report.lines.compactMap(\.ratio)
    guard let mean = geometricMean(ratios) else { return nil }
    let lost = ratios.filter { !($0 >= 1) }.count
    return "ours over the best peer: geometric mean \(Format.fixed(mean, digits: 2)), "
      + "\(lost) of \(ratios.count) lost"
  }

  /// What stands beside a ratio; one that is no number is a loss.
  static func verdict(_ ratio: Double?) -> String {
    guard let ratio else { return "" }
    return ratio >= 1 ? "" : "LOSS"
  }

  private func cells(_ side: TrainingReport.Side, _ line: TrainingReport.Line) -> [String] {
    [Format.milliseconds(side.medianSeconds), Format.percent(line.share(side, of: peak))]
  }
}
