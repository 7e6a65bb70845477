import CKernels

extension ComputeContext {
  /// Runs `body` on the calling thread while the context's other threads stand by in one parallel
  /// region.
  ///
  /// Calls on this context from `body` share their work at the cost of a barrier (about a
  /// microsecond) instead of a region each (some tens). Worth it around everything that makes more
  /// than one call, such as a training step; results are the same with and without. Threads that
  /// find no work spin for some tens of microseconds, then sleep. Sessions may be nested.
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

/// A closure behind a pointer, as C passes it on.
private struct TeamSession {
  let run: () -> Void
}

private func runTeamSession(_ session: UnsafeMutableRawPointer?) {
  session?.assumingMemoryBound(to: TeamSession.self).pointee.run()
}
