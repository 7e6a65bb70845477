// SPDX-License-Identifier: Apache-2.0

import CBenchProbes

/// A closure that calls kernels, timed while their threads stand by.
struct KernelWorkload: Workload {
  let label: String
  let context: BenchContext
  let call: () throws -> Void

  func seconds(iterations: Int) throws -> Double {
    try context.withTeam {
      // The threads that were woken for the team are not part of the sample.
      try call()
      let start = probe_nanoseconds()
      for _ in 0..<iterations { try call() }
      return Double(probe_nanoseconds() - start) * 1e-9
    }
  }
}

/// A call that gathers its threads itself, outside of any session.
struct RegionWorkload: Workload {
  let label: String
  let call: () throws -> Void

  func seconds(iterations: Int) throws -> Double {
    try call()
    let start = probe_nanoseconds()
    for _ in 0..<iterations { try call() }
    return Double(probe_nanoseconds() - start) * 1e-9
  }
}
