import Foundation

/// Processors that this process may use, at least 1: what a thread count is where none is given.
public func usableProcessors() -> Int { ProcessInfo.processInfo.activeProcessorCount }
