// SPDX-License-Identifier: Apache-2.0

// Running a function on a team of threads.
#ifndef CK_TEAM_H
#define CK_TEAM_H

#include <stdbool.h>

/// One share of a parallel call; `worker` is in 0..<workers.
typedef void (*ck_team_body)(void *argument, int worker, int workers);

/// Threads that stand by in one parallel region, waiting for work.
typedef struct ck_team ck_team;

/// Calls `body` once for each worker of a team of `threads`: of `persistent`, at the cost of a
/// barrier, or where that is NULL of a parallel region of its own. Denormals are flushed to zero
/// meanwhile, on every thread; the caller's floating-point state is restored. A team may turn out
/// smaller than asked for: bodies divide their work by `workers`.
void ck_team_run(ck_team *persistent, int threads, ck_team_body body, void *argument);

/// Calls `session` on the calling thread while `threads` - 1 others stand by; *standing is their
/// team meanwhile, and NULL before and after. Without threads or memory to have, it stays NULL.
/// `crowded` says that there are fewer CPUs than threads: whoever waits then sleeps at once.
void ck_team_hold(int threads, bool crowded, ck_team **persistent, void (*session)(void *argument),
                  void *argument);

/// The number of threads a team of `threads` can have: fewer if the system cannot create them, at
/// least 1. This call creates the threads, and later calls rely on them.
int ck_team_reserve(int threads);

/// CPUs this process may use: its affinity, and the quota of its control groups.
int ck_team_default_threads(void);

/// The OpenMP version (yyyymm) this was compiled with, or 0.
int ck_team_openmp(void);

#endif
