// SPDX-License-Identifier: Apache-2.0

import CKernels

extension ComputeContext {
  /// Runs `body` on the calling thread while the context's other threads wait in one parallel
  /// region.
  ///
  /// Calls on this context from `body` share their work at the cost of a barrier (about a
  /// microsecond) instead of a region each (some tens). Worth it around everything that makes more
  /// than one call, such as a training step; results are the same with and without. Threads that
  /// find no work spin for about a hundred microseconds, then sleep. Sessions may be nested;
  /// another context that the same thread uses inside gets one thread.
  public func withTeam<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    var outcome: Result<Value, Failure>?
    withoutActuallyEscaping(body) { body in
      var session = TeamSession {
        do throws(Failure) { outcome = .success(try body()) } catch { outcome = .failure(error) }
      }
      withUnsafeMutablePointer(to: &session) {
        _ = ck_context_with_team(handle, runTeamSession, $0)
      }
    }
    // The session always runs: the call fails only for a missing context.
    return try outcome!.get()
  }
}

extension ComputeContext {
  /// Calls `body` with parts that make up 0..<count, on as many threads as the work is worth: a
  /// loop whose turns are independent of each other.
  ///
  /// `body` runs on several threads at once, so it writes to what belongs to its own items alone.
  /// Where a part begins depends on the number of threads; the result of an item must not.
  ///
  /// - Parameters:
  ///   - grain: parts begin at multiples of it.
  ///   - nanoseconds: what the whole takes on one thread, roughly.
  /// - Precondition: `count` is not negative, `grain` is positive.
  public func share(
    _ count: Int, grain: Int = 1, nanoseconds: Double, _ body: (Range<Int>) -> Void
  ) {
    precondition(count >= 0 && grain > 0, "\(count) items cannot be shared out by \(grain).")
    withoutActuallyEscaping(body) { body in
      var loop = SharedLoop(body: body)
      withUnsafeMutablePointer(to: &loop) {
        _ = ck_context_share(
          handle, Int64(count), Int64(grain), nanoseconds, runSharedLoop, $0)
      }
    }
  }
}

/// A closure behind a pointer, as C passes it on.
private struct TeamSession {
  let run: () -> Void
}

private func runTeamSession(_ session: UnsafeMutableRawPointer?) {
  session?.assumingMemoryBound(to: TeamSession.self).pointee.run()
}

/// The same for the parts of a loop.
private struct SharedLoop {
  let body: (Range<Int>) -> Void
}

private func runSharedLoop(_ loop: UnsafeMutableRawPointer?, first: Int64, last: Int64) {
  loop?.assumingMemoryBound(to: SharedLoop.self).pointee.body(Int(first)..<Int(last))
}
