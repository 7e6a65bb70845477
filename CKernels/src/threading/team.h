// Running a function on a team of threads. The only folder that knows OpenMP.
#ifndef CK_TEAM_H
#define CK_TEAM_H

/// One share of a parallel call; `member` is in 0..<members.
typedef void (*ck_team_body)(void *argument, int member, int members);

/// Calls `body` once for each member of a team of `threads`, on threads of their own where the
/// library was built with OpenMP. Denormals are flushed to zero meanwhile, on every thread; the
/// caller's floating-point state is restored. A team may turn out smaller than asked for: bodies
/// divide their work by `members`.
void ck_team_run(int threads, ck_team_body body, void *argument);

/// CPUs this process may use.
int ck_team_default_threads(void);

/// The OpenMP version (yyyymm) this was compiled with, or 0.
int ck_team_openmp(void);

#endif
