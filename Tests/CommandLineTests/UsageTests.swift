// SPDX-License-Identifier: Apache-2.0

import Testing

extension CommandLineTests {
  @Suite("Usage", .timeLimit(.minutes(2)))
  struct UsageTests {
    @Test(
      "Help says what a command does and how",
      arguments: [
        "inspect", "split", "train", "generate", "evaluate", "experiment", "simulate",
      ])
    func help(command: String) throws {
      let result = try TabganProcess.run([command, "--help"], in: TemporaryFolder())
      #expect(result.status == 0, "\(result)")
      #expect(result.outputText.contains("Examples:\n"), "\(result)")
      #expect(result.outputText.contains("tabgan \(command) "), "\(result)")
      #expect(result.errors.isEmpty, "\(result)")
    }

    @Test("The overview names every command and every exit status")
    func overview() throws {
      let result = try TabganProcess.run(["--help"], in: TemporaryFolder())
      #expect(result.status == 0, "\(result)")
      for word in [
        "inspect", "split", "train", "generate", "evaluate", "experiment", "simulate", "64", "65",
        "66", "70", "71", "73", "74", "130",
      ] {
        #expect(result.outputText.contains(word), "'\(word)' is missing: \(result)")
      }
    }

    @Test("The version is a number")
    func version() throws {
      let result = try TabganProcess.run(["--version"], in: TemporaryFolder())
      #expect(result.status == 0, "\(result)")
      #expect(result.outputText.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(result)")
    }

    @Test(
      "Wrong usage is status 64, says what is wrong, and makes nothing",
      arguments: [
        ["nonsense"],
        ["inspect"],
        ["inspect", "a.csv", "--nonsense"],
        ["generate", "model", "-n", "0", "-o", "out.csv"],
        ["generate", "model", "-n", "-5", "-o", "out.csv"],
        ["generate", "model", "-n", "1.5", "-o", "out.csv"],
        ["generate", "model", "-n", "9223372036854775807", "-o", "out.csv"],
        ["generate", "model", "-n", "5", "-o", "out.csv", "--candidates", "9223372036854775807"],
        ["generate", "model", "-n", "5", "-o", "out.csv", "--candidates", "0"],
        ["generate", "model", "-n", "5"],
        ["generate", "model", "-o", "out.csv"],
        ["generate", "model", "-n", "5", "-o", ""],
        ["simulate", "-n", "0", "-o", "out.csv"],
        ["simulate", "-n", "-1", "-o", "out.csv"],
        ["simulate", "-n", "5", "-o", "out.csv", "--threads", "0"],
        ["simulate", "-n", "5", "-o", "out.csv", "--seed", "-1"],
        ["simulate", "-n", "5", "-o", "out.csv", "--progress", "loud"],
        ["train", "a.csv"],
        ["train", "a.csv", "-o", "m", "--preset", "nonsense"],
        ["train", "a.csv", "-o", "m", "--epochs", "0"],
        ["train", "a.csv", "-o", "m", "--epochs", "9223372036854775807"],
        ["train", "a.csv", "-o", "m", "--minutes", "1e300"],
        ["train", "a.csv", "-o", "m", "--batch-size", "9223372036854775807"],
        ["train", "a.csv", "-o", "m", "--set", "resampling.candidates=100000000"],
        ["train", "a.csv", "-o", "m", "--set", "generator.hidden=[9223372036854775807]"],
        ["train", "a.csv", "-o", "m", "--set", "generator.noiseWidth=1000000000"],
        ["train", "a.csv", "-o", "m", "--set", "resampling.bins=100000000"],
        ["train", "a.csv", "-o", "m", "--set", "resampling.epochs=9223372036854775807"],
        ["train", "a.csv", "-o", "m", "--set", "generatorOptimizer.adam.learningRate=-1"],
        ["train", "a.csv", "-o", "m", "--epochs", "-3"],
        ["train", "a.csv", "-o", "m", "--minutes", "0"],
        ["train", "a.csv", "-o", "m", "--minutes", "nan"],
        ["train", "a.csv", "-o", "m", "--rows", "0"],
        ["train", "a.csv", "-o", "m", "--batch-size", "0"],
        ["train", "a.csv", "-o", "m", "--clean", "nonsense"],
        ["evaluate", "--real", "a.csv"],
        ["evaluate", "--real", "a.csv", "--synthetic", "b.csv", "--rows", "0"],
        ["experiment", "a.csv", "-o", "r", "--sizes", "10,many"],
        ["experiment", "a.csv", "-o", "r", "--sizes", "0,10"],
        ["experiment", "a.csv", "-o", "r", "--sizes", ""],
        ["experiment", "a.csv", "-o", "r", "--generate", "0"],
      ])
    func wrongUsage(arguments: [String]) throws {
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(arguments, in: folder)
      #expect(result.status == 64, "\(result)")
      #expect(result.errors.hasPrefix("Error: "), "\(result)")
      #expect(result.output.isEmpty, "\(result)")
      #expect(folder.content.isEmpty, "\(folder.content)")
    }

    @Test("An invalid option is reported with its value and the usage of the command")
    func explained() throws {
      for (arguments, says) in [
        (["simulate", "-n", "5", "-o", "out.csv", "--seed", "-1"], "'-1' is invalid for '--seed"),
        (["train", "a.csv", "-o", "m", "--set", "nonsense"], "--set takes SETTING=VALUE"),
        (["train", "a.csv", "-o", "m", "--set", "nonsense=1"], "no setting 'nonsense'"),
        (["train", "a.csv", "-o", "m", "--set", "batchSize=x"], "does not take 'x'"),
      ] {
        let result = try TabganProcess.run(arguments, in: TemporaryFolder())
        #expect(result.status == 64 && result.errors.contains(says), "\(result)")
        #expect(result.errors.contains("Usage: tabgan \(arguments[0]) "), "\(result)")
      }
    }

    @Test("An unknown preset is answered with those there are")
    func unknownPreset() throws {
      let result = try TabganProcess.run(
        ["train", "a.csv", "-o", "m", "--preset", "nonsense"], in: TemporaryFolder())
      for preset in ["ctgan", "poster", "default"] {
        #expect(result.errors.contains(preset), "\(result)")
      }
    }
  }
}
