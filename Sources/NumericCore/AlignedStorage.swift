/// Floats on a cache line, zero at first.
final class AlignedStorage {
  let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    let bytes = (count * MemoryLayout<Float>.stride + 127) / 64 * 64
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.initializeMemory(as: Float.self, repeating: 0, count: bytes / 4)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
