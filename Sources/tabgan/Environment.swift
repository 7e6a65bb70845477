import Foundation

/// The process's environment.
enum Environment {
  /// What OpenMP's runtime would read when its first thread is made: a number that is absurd or no number
  /// makes it take gigabytes, crash, or end the process. Threads are for `--threads` to say. Tools that
  /// look over the runtime's shoulder stay, such as Archer for ThreadSanitizer.
  static func clear() {
    for name in ProcessInfo.processInfo.environment.keys
    where ["OMP_", "KMP_", "GOMP_", "LIBOMP_"].contains(where: name.hasPrefix)
      && !name.hasPrefix("OMP_TOOL")
    {
      unsetenv(name)
    }
  }
}
