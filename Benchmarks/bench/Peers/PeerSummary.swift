/// A peer report as text for people.
struct PeerSummary {
  private let report: PeerReport
  private let limits: [MeasuredLimit]

  init(_ report: PeerReport, limits: [MeasuredLimit]) {
    self.report = report
    self.limits = limits
  }

  var libraries: String { libraryTable.rendered() }

  var libraryTable: TextTable {
    var table = TextTable([("peer", .left), ("version", .left), ("its kernels here", .left)])
    for library in report.libraries {
      table.append([library.name, library.version, library.kernels])
    }
    return table
  }

  /// A line for each operation, shape and number of threads; ratios are times over ours.
  var table: String { lineTable.rendered() }

  var lineTable: TextTable { TextTable(headers, rows) }

  private var headers: [(title: String, alignment: TextTable.Alignment)] {
    [
      ("operation", .left), ("shape", .left), ("threads", .right), ("ours GF/s", .right),
      ("of peak", .right), ("best peer", .left), ("GF/s", .right), ("ratio", .right), ("", .left),
      ("plain GF/s", .right), ("best plain peer", .left), ("GF/s", .right), ("ratio", .right),
      ("", .left), ("spread", .right),
    ]
  }

  private var rows: [[String]] {
    report.lines.map { line in
      let rate = { (side: PeerReport.Side?) in
        side.map { Format.giga(line.floatingPointOperations / $0.medianSeconds) } ?? ""
      }
      let peak = limits.first { $0.threads == line.threads }
      var share = ""
      if let peak, let ours = line.ours {
        share = Format.percent(line.floatingPointOperations / ours.medianSeconds / peak.best)
      }
      let spreads = [line.ours, line.bestPeer].compactMap { $0?.spread }
      return [
        line.operation.rawValue, line.shape, "\(line.threads)", rate(line.ours), share,
        line.bestPeer?.name ?? "", rate(line.bestPeer), Self.ratio(line.ratio),
        Self.verdict(line.ratio), rate(line.oursPlain), line.bestPlainPeer?.name ?? "",
        rate(line.bestPlainPeer), Self.ratio(line.plainRatio), Self.verdict(line.plainRatio),
        Format.percent(spreads.max() ?? 0),
      ]
    }
  }

  /// Geometric means and losses, by threads and of everything, then against each peer alone.
  var means: [String] {
    var lines: [String] = []
    for count in Set(report.lines.map(\.threads)).sorted() {
      lines.append(
        mean("\(count) thread\(count == 1 ? "" : "s")", report.lines.filter { $0.threads == count })
      )
    }
    lines.append(mean("all", report.lines))
    var names: [String] = []
    for side in report.lines.flatMap(\.sides) where !side.isOurs && !names.contains(side.name) {
      names.append(side.name)
    }
    for name in names {
      let ratios = report.lines.compactMap { line -> Double? in
        guard let peer = line.sides.first(where: { $0.name == name }), let ours = line.ours
        else { return nil }
        return peer.medianSeconds / ours.medianSeconds
      }
      lines.append("against \(name) alone: \(Self.ratio(geometricMean(ratios)))")
    }
    return lines
  }

  private func mean(_ title: String, _ lines: [PeerReport.Line]) -> String {
    let ratios = lines.compactMap(\.ratio)
    let plain = lines.compactMap(\.plainRatio)
    let losses = { (ratios: [Double]) in
      "\(ratios.filter { !($0 >= 1) }.count) of \(ratios.count) lost"
    }
    return "\(title): ours over the best peer \(Self.ratio(geometricMean(ratios))) "
      + "(\(losses(ratios))), row-major entries \(Self.ratio(geometricMean(plain))) "
      + "(\(losses(plain)))"
  }

  private static func ratio(_ ratio: Double?) -> String {
    ratio.map { Format.fixed($0, digits: 2) } ?? ""
  }

  private static func verdict(_ ratio: Double?) -> String {
    guard let ratio else { return "" }
    return ratio >= 1 ? "" : "LOSS"
  }
}
