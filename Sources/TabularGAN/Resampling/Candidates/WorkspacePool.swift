// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Workspaces that threads take and give back, so that each is made once for a thread.
final class WorkspacePool: Sendable {
  private let sampler: CandidateSampler
  private let free = Mutex<[Owned]>([])

  /// A workspace is used by the thread that has taken it out of the pool alone.
  private struct Owned: @unchecked Sendable {
    let workspace: CandidateSampler.Workspace
  }

  init(_ sampler: CandidateSampler) { self.sampler = sampler }

  /// Calls `body` with a workspace that no other thread has meanwhile.
  func withWorkspace<Value>(
    _ body: (CandidateSampler.Workspace) throws -> Value
  ) throws -> Value {
    let taken = try free.withLock { $0.popLast() } ?? Owned(workspace: sampler.workspace())
    defer { free.withLock { $0.append(taken) } }
    return try body(taken.workspace)
  }
}
