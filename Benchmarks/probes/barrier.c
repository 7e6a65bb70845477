// SPDX-License-Identifier: Apache-2.0

/* A barrier of spinning threads: what coming together costs when nobody has to be woken. */
#include "CBenchProbes.h"
#include "team.h"

#include <stdatomic.h>

typedef struct {
  _Alignas(64) _Atomic uint64_t arrived;
  uint64_t repeats;
  uint64_t threads;
} meeting;

static void meet(void *raw, int index) {
  meeting *work = raw;
  (void)index;
  for (uint64_t r = 1; r <= work->repeats; ++r) {
    atomic_fetch_add(&work->arrived, 1);
    while (atomic_load_explicit(&work->arrived, memory_order_acquire) < r * work->threads) {
    }
  }
}

double probe_barrier(int threads, uint64_t repeats) {
  if (threads < 1)
    return 0;
  meeting work = {.repeats = repeats, .threads = (uint64_t)threads};
  return probe_team_run(threads, NULL, meet, NULL, &work);
}
