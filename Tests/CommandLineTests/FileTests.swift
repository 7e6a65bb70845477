// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("CSV dialects", .timeLimit(.minutes(4)))
  struct FileTests {
    private static let small = [
      "--epochs", "1", "--set", "generator.hidden=[16]", "--set", "discriminator.hidden=[16]",
      "--set", "resampling=null", "--monitoring-rows", "0", "--threads", "1",
    ]

    private static func rows(_ count: Int, _ separator: String, _ end: String = "\n") -> String {
      (0..<count).map { row in
        [
          "\(row % 40)", ["Rome", "Oslo", "Lima"][row % 3],
          "\(row % 9),\(row % 10)".replacing(",", with: "."),
        ].joined(separator: separator) + end
      }.joined()
    }

    /// A real file, and the options to read and write it.
    struct Case: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var header: String
      var separator = ","
      var end = "\n"
      var reading: [String] = []
      var writing: [String] = []
      var output = "out.csv"
      /// The start of the output, and its delimiter.
      var begins: String
      var written = ","
      var note = ""
    }

    static let cases = [
      Case(
        testDescription: "spaces in the header and before fields",
        header: "age, city, amount\n", separator: ", ", begins: "age, city, amount\n",
        written: ", ", note: "space after each delimiter"),
      Case(
        testDescription: "spaces around names", header: "age ,city, amount\n",
        begins: "age ,city, amount\n"),
      Case(
        testDescription: "semicolons and CRLF", header: "age;city;amount\r\n", separator: ";",
        end: "\r\n", begins: "age;city;amount\r\n", written: ";"),
      Case(
        testDescription: "tabs by the output's name", header: "age,city,amount\n",
        output: "out.tsv", begins: "age\tcity\tamount\n", written: "\t"),
      Case(
        testDescription: "a declared delimiter", header: "age,city,amount\n",
        writing: ["--delimiter", ";"], begins: "age;city;amount\n", written: ";"),
      Case(
        testDescription: "no header", header: "", reading: ["--no-header"], begins: ""),
      Case(
        testDescription: "the same name twice", header: "age,x,x\n",
        reading: ["--rename-columns"], begins: "age,x,x\n", note: "'x_2'"),
      Case(
        testDescription: "lines above the header", header: "Report\n\nage,city,amount\n",
        begins: "age,city,amount\n", note: "2 lines above the header"),
    ]

    @Test("Generated rows have the dialect of the real file", arguments: cases)
    func written(file: Case) throws {
      let folder = try TemporaryFolder()
      try folder.write(file.header + Self.rows(200, file.separator, file.end), to: "in.csv")
      let trained = try TabganProcess.run(
        ["train", "in.csv", "-o", "model"] + file.reading + Self.small, in: folder)
      #expect(trained.status == 0, "\(file.testDescription): \(trained)")
      #expect(
        file.note.isEmpty || trained.errors.contains(file.note),
        "\(file.testDescription): \(trained)")
      let made = try TabganProcess.run(
        ["generate", "model", "-n", "50", "-o", file.output] + file.writing, in: folder)
      #expect(made.status == 0, "\(file.testDescription): \(made)")
      let text = try folder.text(file.output)
      #expect(text.hasPrefix(file.begins), "\(file.testDescription): \(text.prefix(100))")
      let end = file.end
      let lines = text.dropFirst(file.begins.count).components(separatedBy: end)
      #expect(lines.count == 51 && lines.last == "", "\(file.testDescription)")
      for line in lines.dropLast() {
        let fields = line.components(separatedBy: file.written)
        #expect(
          fields.count == 3 && ["Rome", "Oslo", "Lima"].contains(fields[1])
            && Double(fields[2]) != nil, "\(file.testDescription): \(line)")
      }
      // The generated file is read like the real one.
      let scored = try TabganProcess.run(
        ["evaluate", "--real", "in.csv", "--synthetic", file.output, "--json", "-"] + file.reading,
        in: folder)
      #expect(scored.status == 0, "\(file.testDescription): \(scored)")
    }

    @Test("The encoding is kept, or changed on request")
    func encodings() throws {
      let folder = try TemporaryFolder()
      let text = "ort;n\n" + (0..<100).map { "Köln \($0 % 3) €;\($0 % 7)\n" }.joined()
      try folder.write(text.data(using: .windowsCP1252)!, to: "in.csv")
      let refused = try TabganProcess.run(["inspect", "in.csv"], in: folder)
      #expect(
        refused.status == 65 && refused.errors.contains("'Köln 0 €'")
          && refused.errors.contains("--encoding windows-1252"), "\(refused)")
      let trained = try TabganProcess.run(
        ["train", "in.csv", "-o", "model", "--encoding", "windows-1252"] + Self.small, in: folder)
      #expect(
        trained.status == 0 && trained.errors.contains("generate --encoding"), "\(trained)")
      for (name, encoding) in [("", String.Encoding.windowsCP1252), ("utf-8", .utf8)] {
        let options = name.isEmpty ? [] : ["--encoding", name]
        let made = try TabganProcess.run(
          ["generate", "model", "-n", "20", "-o", "out.csv"] + options, in: folder)
        #expect(made.status == 0, "\(made)")
        let lines = String(data: try folder.read("out.csv"), encoding: encoding)?
          .split(separator: "\n")
        #expect(lines?.first == "ort;n" && lines?.count == 21)
        #expect(lines?.dropFirst().allSatisfy { $0.contains("Köln") && $0.contains("€") } == true)
      }
      let unknown = try TabganProcess.run(["inspect", "in.csv", "--encoding", "nope"], in: folder)
      #expect(unknown.status == 64, "\(unknown)")
    }

    @Test(
      "A table is read from standard input and pipes, plain or compressed",
      arguments: [
        "cat t.csv | $TABGAN inspect -", "$TABGAN inspect - < t.csv",
        "cat t.csv | $TABGAN inspect /dev/stdin", "$TABGAN inspect <(cat t.csv)",
        "gzip -c t.csv | $TABGAN inspect -",
        "(echo skipped; cat t.csv) | (read -r line; $TABGAN inspect -)",
      ])
    func pipes(line: String) throws {
      let folder = try TemporaryFolder()
      // The type of the first column is known late, so the table is read twice.
      let empty = (0..<3000).map { ",\($0)\n" }.joined()
      try folder.write("a,b\n" + empty + "2024-01-02,1\n", to: "t.csv")
      let plain = try TabganProcess.run(["inspect", "t.csv"], in: folder)
      let piped = try TabganProcess.shell(line, in: folder)
      #expect(plain.status == 0 && piped.status == 0, "\(piped)")
      func table(_ text: String) -> Substring { text.drop { $0 != "\n" } }
      #expect(table(piped.outputText) == table(plain.outputText), "\(piped)")
    }

    @Test("Standard input can be used by train and evaluate, once per command")
    func standardInput() throws {
      let folder = try TemporaryFolder()
      try folder.write("age,city,amount\n" + Self.rows(200, ","), to: "t.csv")
      let options = Self.small.joined(separator: " ").replacing("[16]", with: "'[16]'")
      for line in [
        "cat t.csv | $TABGAN train - -o model \(options)",
        "cat t.csv | $TABGAN evaluate --real - --synthetic t.csv --json",
        "$TABGAN evaluate --real t.csv --holdout t.csv --synthetic <(cat t.csv) --json",
      ] {
        let result = try TabganProcess.shell(line, in: folder)
        #expect(result.status == 0, "\(result)")
      }
      let twice = try TabganProcess.run(
        ["evaluate", "--real", "-", "--synthetic", "-"], in: folder)
      #expect(twice.status == 64 && twice.errors.contains("one table only"), "\(twice)")
      let bad = try TabganProcess.shell("printf 'a,b\\n1\\n' | $TABGAN inspect -", in: folder)
      #expect(bad.status == 65 && bad.errors.contains("standard input:2: "), "\(bad)")
    }

    @Test("Endless inputs and decompression bombs take bounded memory")
    func bounded() throws {
      let folder = try TemporaryFolder()
      let zeros = try TabganProcess.run(["inspect", "/dev/zero"], in: folder)
      #expect(zeros.status == 65 && zeros.errors.contains("NUL"), "\(zeros)")
      for source in ["/dev/zero", "<(yes x | tr -d '\\n')"] {
        // 1 GB of one byte, compressed to 1 MB.
        let made = try TabganProcess.shell(
          "(printf 'a,b\\n'; head -c 1000000000 \(source)) | gzip -c > bomb.csv.gz", in: folder)
        #expect(made.status == 0, "\(made)")
        let result = try TabganProcess.shell(
          "ulimit -v 1000000; $TABGAN inspect bomb.csv.gz", in: folder)
        #expect(result.status == 65, "\(source): \(result)")
      }
    }

    @Test(
      "Output names of other formats are rejected",
      arguments: ["x.xlsx", "x.json", "x.csv.zst", "x.orc"])
    func foreignOutput(name: String) throws {
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(["simulate", "-n", "3", "-o", name], in: folder)
      #expect(result.status == 64 && result.errors.contains(name), "\(result)")
      #expect(result.errors.contains("CSV") && folder.content.isEmpty, "\(result)")
    }

    @Test("Simulated trips are the same in any dialect")
    func simulated() throws {
      let folder = try TemporaryFolder()
      for name in ["t.csv", "t.tsv"] {
        let result = try TabganProcess.run(["simulate", "-n", "500", "-o", name], in: folder)
        #expect(result.status == 0, "\(result)")
      }
      #expect(
        try folder.text("t.tsv") == folder.text("t.csv").replacing(",", with: "\t"))
    }
  }
}
