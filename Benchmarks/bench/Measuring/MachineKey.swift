// SPDX-License-Identifier: Apache-2.0

/// Identifies machines whose results may share a file.
extension Machine {
  /// What decides speed, as part of a file name: the processor's name, the vector instructions that
  /// kernels use, the logical processors and the caches. For example
  /// `amd-epyc_avx512-bf16_2-cpus_l1-32k_l2-1m_l3-32m`.
  ///
  /// The name alone does not do: cloud providers use one name for processors of several
  /// generations. Neither do the others: processors of one generation differ in frequency, which
  /// virtual machines do not report.
  var key: String {
    var parts = [processorWords, vectorInstructions, "\(logicalProcessors)-cpus"]
    for level in 1...4 {
      if let bytes = cacheBytes(level: level) { parts.append("l\(level)-\(Self.short(bytes))") }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "_")
  }

  /// The processor's name in lower case, its words joined by hyphens.
  private var processorWords: String {
    let words = processor.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.filter { !["r", "tm", "cpu", "processor"].contains($0) }.joined(separator: "-")
  }

  /// The widest vectors, and the formats of 16 bits that they compute in, for example
  /// `avx512-bf16`.
  private var vectorInstructions: String {
    let known = Set(features)
    let widths: [(needed: Set<String>, name: String)] = [
      (["avx512f", "avx512bw", "avx512dq", "avx512vl"], "avx512"), (["avx2", "fma"], "avx2"),
      (["sve2"], "sve2"), (["sve"], "sve"), (["asimd"], "neon"),
    ]
    let extensions = [
      ("avx512_bf16", "bf16"), ("avx512_fp16", "fp16"), ("amx_bf16", "amx"), ("bf16", "bf16"),
      ("asimdhp", "fp16"),
    ]
    let width = widths.first { known.isSuperset(of: $0.needed) }?.name ?? architecture
    return ([width] + extensions.filter { known.contains($0.0) }.map(\.1)).joined(separator: "-")
  }

  /// Bytes in the largest unit that divides them: `512k`, `32m`.
  private static func short(_ bytes: Int) -> String {
    for (unit, size) in [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)]
    where bytes >= size && bytes % size == 0 {
      return "\(bytes / size)\(unit)"
    }
    return "\(bytes)"
  }
}
