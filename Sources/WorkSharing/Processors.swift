// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The number of processors that this process may use, at least 1; the default for thread counts.
public func usableProcessors() -> Int { ProcessInfo.processInfo.activeProcessorCount }
