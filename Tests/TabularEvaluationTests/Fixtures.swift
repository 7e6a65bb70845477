// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// What an external evaluator measured; written by Scripts/evaluator_goldens.py.
enum Fixtures {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folder = root.appending(path: "Tests/Fixtures/evaluation")

  static func table(_ name: String) throws -> Table {
    try TextCells.read(Data(contentsOf: folder.appending(path: "\(name).csv")))
  }

  static func goldens<Value: Decodable>(_ name: String) throws -> Value {
    try JSONDecoder().decode(
      Value.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
  }
}

/// The evaluator's figures for one synthetic table.
struct Golden: Decodable {
  struct Shape: Decodable {
    var mean: Double
    var mean_derived: Double
    var columns: [String: Double]
  }
  struct Trend: Decodable {
    struct Pair: Decodable {
      var first: String
      var second: String
      var error: Double

      init(from decoder: Decoder) throws {
        var container = try decoder.unkeyedContainer()
        first = try container.decode(String.self)
        second = try container.decode(String.self)
        error = try container.decode(Double.self)
      }
    }
    var mean: Double
    var mean_derived: Double
    var pairs: [Pair]
  }
  struct Both<Value: Decodable>: Decodable {
    var synthetic: Value
    var floor: Value
    var control: Value?
  }
  struct Copying: Decodable {
    var alarm: Bool
    var share: Double
    var copied_estimate: Double
    var near_train_pct: Double
    var near_holdout_pct: Double
    var effective_rows: Double
    var duplicates_of_train: Int
    var duplicates_of_holdout: Int
    var duplicates_within: Int
    var reasons: [String]
  }
  struct Learned: Decodable {
    var target: String
    var metric: String
    var tstr: Double
    var trtr: Double
    var withheld: [String]
  }
  var kinds: [String: String]
  var left_out: [String]
  var shape_error_pct: Both<Shape>
  var trend_error_pct: Both<Trend>
  var plausibility_pct: Both<[String: Double]>
  var copying: Copying
  var c2st_auc: Both<Double>?
  var c2st_strict_auc: Both<Double>?
  var c2st_linear_auc: Both<Double>?
  var tstr: Learned?
}
