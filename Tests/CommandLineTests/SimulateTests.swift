// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  @Suite("Simulate", .timeLimit(.minutes(2)))
  struct SimulateTests {
    @Test("Trips have the columns of the yellow taxis and as many rows as asked for")
    func trips() throws {
      let folder = try TemporaryFolder()
      let result = try TabganProcess.run(["simulate", "-n", "1234", "-o", "trips.csv"], in: folder)
      #expect(result.status == 0, "\(result)")
      let lines = try folder.text("trips.csv").split(separator: "\n")
      #expect(lines.count == 1235)
      #expect(lines[0].hasPrefix("VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,"))
      #expect(lines[0].split(separator: ",").count == 19)
    }

    @Test("The bytes follow the seed and nothing else")
    func deterministic() throws {
      let folder = try TemporaryFolder()
      func bytes(_ options: [String]) throws -> Data {
        let result = try TabganProcess.run(["simulate", "-o", "-"] + options, in: folder)
        #expect(result.status == 0, "\(result)")
        return result.output
      }
      let one = try bytes(["-n", "100000", "--threads", "1"])
      for threads in [2, 3] {
        #expect(
          try bytes(["-n", "100000", "--threads", "\(threads)"]) == one, "\(threads) threads")
      }
      #expect(try bytes(["-n", "100000", "--seed", "2"]) != one)
      #expect(one.starts(with: try bytes(["-n", "1000"])))
    }

    @Test("Compressed trips are the same trips")
    func compressed() throws {
      let folder = try TemporaryFolder()
      let plain = try TabganProcess.run(["simulate", "-n", "50000", "-o", "a.csv"], in: folder)
      let packed = try TabganProcess.run(["simulate", "-n", "50000", "-o", "a.csv.gz"], in: folder)
      #expect(plain.status == 0 && packed.status == 0, "\(plain) \(packed)")
      let unpacked = try TabganProcess.shell("gzip -dc a.csv.gz | cmp - a.csv", in: folder)
      #expect(unpacked.status == 0, "\(unpacked)")
    }
  }
}
