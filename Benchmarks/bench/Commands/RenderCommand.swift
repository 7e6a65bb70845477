// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Draws what a result file holds.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw results as a page and as SVG files.",
    discussion: """
      The page holds everything it shows. Of the file it takes the last run of the kernels, the \
      last of `bench peers` and the last of `bench train`. The charts also become files of their own \
      beside it: PAGE-roofline.svg, PAGE-threads-dense.svg, PAGE-threads-other.svg, \
      PAGE-instruction-sets.svg, PAGE-peers-THREADS.svg, PAGE-training-OBJECTIVE.svg.
      """)

  @Argument(help: "A result file; `auto` and folders as in `bench run --json`.")
  var file: String

  @Option(name: .shortAndLong, help: "The page; default: results/bench.html.")
  var output = "results/bench.html"

  func run() throws {
    let path = ResultLocation.path(file)
    let page = ResultPage(try ResultFile.read(path))
    guard page.kernels != nil || page.peers != nil || page.training != nil else {
      throw ResultFileFailure(path: path, text: "it holds no run")
    }
    try OutputFile.write(page.html, to: output)
    print(output)
    let stem = (output as NSString).deletingPathExtension
    for chart in page.charts {
      let name = "\(stem)-\(chart.name).svg"
      try OutputFile.write(chart.svg, to: name)
      print(name)
    }
  }
}
