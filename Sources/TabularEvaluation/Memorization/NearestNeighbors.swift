// SPDX-License-Identifier: Apache-2.0

import WorkSharing

/// Points among which neighbors are sought, held by columns in blocks of 16.
///
/// The distance of two points is Gower's (1971) without its weights: numbers add the difference of
/// their places in 0...1, categories 0 or 1.
struct PointCloud: Sendable {
  private static let lanes = SIMD16<Float>.scalarCount
  let count: Int
  private let isCategory: [Bool]
  /// For each block of points its columns side by side, 16 values each.
  private let blocks: [SIMD16<Float>]
  private let blockCount: Int

  /// `points[column][row]`.
  init(points: [[Float]], isCategory: [Bool]) {
    count = points.first?.count ?? 0
    self.isCategory = isCategory
    blockCount = (count + Self.lanes - 1) / Self.lanes
    var blocks: [SIMD16<Float>] = []
    blocks.reserveCapacity(blockCount * points.count)
    for block in 0..<blockCount {
      for column in points {
        var vector = SIMD16<Float>.zero
        for lane in 0..<Self.lanes where block * Self.lanes + lane < column.count {
          vector[lane] = column[block * Self.lanes + lane]
        }
        blocks.append(vector)
      }
    }
    self.blocks = blocks
  }

  struct Neighbor: Sendable {
    var distance: Float
    /// The first point at that distance.
    var index: Int
  }

  /// The nearest point to each of `queries[column][row]`.
  ///
  /// O(queries x points x columns), in vectors of 16 points.
  func nearest(to queries: [[Float]], threads: Int) -> [Neighbor] {
    let total = queries.first?.count ?? 0
    // Pieces small enough to spread, large enough to use a block of points several times from
    // cache.
    let piece = 32
    let found = parallelMap((total + piece - 1) / piece, threads: threads) { index in
      let rows = index * piece..<min((index + 1) * piece, total)
      return nearest(rows.map { row in queries.map { $0[row] } })
    }
    return found.flatMap { $0 }
  }

  /// How many points lie at exactly the given distance from each of `queries[column][row]`.
  ///
  /// Costs as much as ``nearest(to:threads:)``.
  func counts(at distances: [Float], from queries: [[Float]], threads: Int) -> [Int] {
    let piece = 32
    let found = parallelMap((distances.count + piece - 1) / piece, threads: threads) { index in
      let rows = index * piece..<min((index + 1) * piece, distances.count)
      var counts = [SIMD16<Int32>](repeating: .zero, count: rows.count)
      scan(rows.map { row in queries.map { $0[row] } }) { position, _, distance in
        counts[position].replace(
          with: counts[position] &+ 1, where: distance .== distances[rows.lowerBound + position])
      }
      return counts.map { Int($0.wrappedSum()) }
    }
    return found.flatMap { $0 }
  }

  private func nearest(_ queries: [[Float]]) -> [Neighbor] {
    var best = [SIMD16<Float>](repeating: SIMD16(repeating: .infinity), count: queries.count)
    var blockOf = [SIMD16<Int32>](repeating: .zero, count: queries.count)
    scan(queries) { position, block, distance in
      let isNearer = distance .< best[position]
      best[position].replace(with: distance, where: isNearer)
      blockOf[position].replace(with: SIMD16(repeating: Int32(block)), where: isNearer)
    }
    return queries.indices.map { position in
      var result = Neighbor(distance: .infinity, index: 0)
      for lane in 0..<Self.lanes {
        let index = Int(blockOf[position][lane]) * Self.lanes + lane
        let distance = best[position][lane]
        if distance < result.distance || distance == result.distance && index < result.index {
          result = Neighbor(distance: distance, index: index)
        }
      }
      return result
    }
  }

  /// Calls `visit` with each query, each block, and the distances to the block's 16 points.
  @inline(__always)
  private func scan(
    _ queries: [[Float]], _ visit: (Int, Int, SIMD16<Float>) -> Void
  ) {
    let width = isCategory.count
    blocks.withUnsafeBufferPointer { blocks in
      isCategory.withUnsafeBufferPointer { isCategory in
        for block in 0..<blockCount {
          let points = blocks.baseAddress! + block * width
          // Lanes beyond the last point are infinitely far.
          var start = SIMD16<Float>.zero
          if block == blockCount - 1 {
            for lane in 0..<Self.lanes where block * Self.lanes + lane >= count {
              start[lane] = .infinity
            }
          }
          for (position, query) in queries.enumerated() {
            var distance = start
            query.withUnsafeBufferPointer { query in
              for column in 0..<width {
                let difference = points[column] - SIMD16(repeating: query[column])
                let size = unsafeBitCast(
                  unsafeBitCast(difference, to: SIMD16<UInt32>.self) & 0x7FFF_FFFF,
                  to: SIMD16<Float>.self)
                distance +=
                  isCategory[column]
                  ? SIMD16<Float>(repeating: 1).replacing(with: 0, where: size .== 0) : size
              }
            }
            visit(position, block, distance)
          }
        }
      }
    }
  }
}
