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

  @Argument(help: "A result file, as `bench run --json FILE` writes it.")
  var file: String

  @Option(name: .shortAndLong, help: "The page; default: results/bench.html.")
  var output = "results/bench.html"

  func run() throws {
    let page = ResultPage(try ResultFile.read(file))
    guard page.kernels != nil || page.peers != nil || page.training != nil else {
      throw ResultFileFailure(path: file, text: "it holds no run")
    }
    let target = URL(fileURLWithPath: output)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(page.html.utf8).write(to: target, options: .atomic)
    print(output)
    let folder = (output as NSString).deletingLastPathComponent
    let stem = target.deletingPathExtension()
    for chart in page.charts {
      let name = "\(stem.lastPathComponent)-\(chart.name).svg"
      try Data(chart.svg.utf8).write(
        to: stem.deletingLastPathComponent().appendingPathComponent(name), options: .atomic)
      print(folder.isEmpty ? name : "\(folder)/\(name)")
    }
  }
}
