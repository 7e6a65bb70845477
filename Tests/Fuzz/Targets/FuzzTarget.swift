// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore
import Tabular
import TabularGAN

/// A reader of external data.
///
/// Created once per process; `run` may throw the library's own errors, but must not fail in any
/// other way.
protocol FuzzTarget {
  static var name: String { get }
  /// The description of its inputs, in one line.
  static var abstract: String { get }

  init(_ bench: FuzzBench) throws

  /// Makes an input.
  func input(_ random: inout FuzzRandom) throws -> [UInt8]

  /// Reads an input.
  func run(_ input: [UInt8]) throws
}

/// All fuzz targets.
var fuzzTargets: [any FuzzTarget.Type] {
  [
    CSVTarget.self, GzipTarget.self, FormatTarget.self, SchemaTarget.self, MetadataTarget.self,
    ModelTarget.self, WeightTarget.self, TensorTarget.self, CheckpointTarget.self,
    ConditionTarget.self, ArrowTarget.self,
  ]
}

/// Shared resources of targets: a folder for files, a context, small tables.
struct FuzzBench {
  let folder: String
  let context: ComputeContext

  init() throws {
    let shared = "/dev/shm"
    let base = access(shared, W_OK) == 0 ? shared : FileManager.default.temporaryDirectory.path
    folder = "\(base)/tabgan-fuzz-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    context = try ComputeContext(threads: 1)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  /// Writes a file as fast as possible.
  func write(_ bytes: [UInt8], to name: String) -> String {
    let path = path(name)
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(file) }
    bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let count = Foundation.write(file, buffer.baseAddress! + written, buffer.count - written)
        guard count > 0 else { return }
        written += count
      }
    }
    return path
  }

  /// A table with all kinds of columns, as a file and as a table.
  func table(rows: Int) throws -> (path: String, content: CSVContent) {
    let path = write(SampleText.table(rows: rows), to: "sample-\(rows).csv")
    return (path, try CSVReader.read(path: path))
  }
}

/// The seeds that inputs are made from.
enum SampleText {
  /// A table of times, a key, categories, a sum, coordinates, booleans and gaps.
  static func table(rows: Int) -> [UInt8] {
    var random = FuzzRandom(target: "sample", seed: 1, index: rows)
    var text = "key,when,until,kind,amount,tip,total,count,flag,lat,lon\n"
    for row in 0..<rows {
      let hour = random.below(24)
      let (amount, tip) = (100 + random.below(9000), random.below(5) * 50)
      func cents(_ value: Int) -> String {
        "\(value / 100).\(value % 100 < 10 ? "0" : "")\(value % 100)"
      }
      func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
      let day = "2016-\(two(1 + random.below(12)))-\(two(1 + random.below(28)))"
      let minute = random.below(50)
      let fields = [
        "k\(10_000 + row)", "\(day) \(two(hour)):\(two(minute)):00",
        "\(day) \(two(hour)):\(two(minute + random.below(10))):30",
        random.pick(["red", "green", "\"blue, or so\"", "x\"y", ""]).replacingQuotes,
        cents(amount), cents(tip), cents(amount + tip), "\(random.below(9))",
        random.pick(["true", "false", ""]), "40.7\(1000 + random.below(9000))",
        "-73.9\(1000 + random.below(9000))",
      ]
      text += fields.joined(separator: ",") + "\n"
    }
    return Array(text.utf8)
  }

  /// A table of columns with one format each.
  static let formats: [[String]] = [
    ["1", "2", "30", "-4"], ["1.50", "2.25", "10.00"], ["1.244e-09", "3.1e-08", "9.99e-10"],
    ["1,234.50", "12.00", "999.99"], ["$5.00", "$1,200.10"], ["12%", "7%", "100%"],
    ["007", "012", "100"], ["+1.5", "-2.5", "+0.5"], ["(3.00)", "4.00"],
    ["2016-03-01 10:00:00", "2016-12-31 23:59:59"],
    ["2016-03-01T10:00:00Z", "2017-01-01T00:00:00Z"],
    ["01/02/2016", "12/31/2016"], ["31.12.2016", "01.01.2017"], ["01/02/2016 11:30 PM"],
    ["2016-03-01 10:00:00.123456"], ["10:30:00", "23:59:59"], ["Mar 5, 2016", "Dec 31, 2016"],
    ["true", "false"], ["yes", "no"], ["NA", "1", "2"], ["a", "b", "a b", " c "],
    ["9007199254740993", "18446744073709551616"], ["1901-12-13", "2262-04-12", "9999-12-31"],
  ]
}

extension String {
  /// The field as quoted in CSV.
  fileprivate var replacingQuotes: String {
    contains("\"") && !hasPrefix("\"")
      ? "\"" + replacingOccurrences(of: "\"", with: "\"\"") + "\"" : self
  }
}

extension Array where Element == UInt8 {
  /// A hash of the bytes, for choices that depend only on the input.
  var digest: UInt64 {
    reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } >> 20
  }
}
