// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The process's environment.
enum Environment {
  /// Removes the variables that OpenMP's runtime reads when it creates its first thread, since
  /// invalid values make it allocate gigabytes, crash or end the process. The thread count is set
  /// with `--threads` only. Variables for tools are kept, such as Archer for ThreadSanitizer.
  static func clear() {
    for name in ProcessInfo.processInfo.environment.keys
    where ["OMP_", "KMP_", "GOMP_", "LIBOMP_"].contains(where: name.hasPrefix)
      && !name.hasPrefix("OMP_TOOL")
    {
      unsetenv(name)
    }
  }
}
