// SPDX-License-Identifier: Apache-2.0

// Teams by OpenMP. An outlined region has the target's baseline features, so it holds nothing but
// the call of a function.
#if defined(_OPENMP)
#include "cpus.h"
#include "float_state.h"
#include "persistent_team.h"
#include "thread_probe.h"

#include <stddef.h>

// The Swift toolchain's clang ships no omp.h; these are the runtime's own names.
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
// LLVM's runtime only: how long its threads spin after a region, in milliseconds (200 by default).
extern void kmp_set_blocktime(int) __attribute__((weak));
extern int kmp_get_blocktime(void) __attribute__((weak));

/// Lets the region's threads sleep after it; returns what was set before.
static int end_spinning(void) {
  if (kmp_set_blocktime == NULL || kmp_get_blocktime == NULL)
    return -1;
  int before = kmp_get_blocktime();
  kmp_set_blocktime(0);
  return before;
}

static void restore_spinning(int before) {
  if (before >= 0)
    kmp_set_blocktime(before);
}

static void run_worker(ck_team_body body, void *argument, int worker, int workers) {
  ck_float_state state = ck_float_state_enter();
  body(argument, worker, workers);
  ck_float_state_restore(state);
}

void ck_team_run(ck_team *persistent, int threads, ck_team_body body, void *argument) {
  if (threads <= 1) {
    run_worker(body, argument, 0, 1);
    return;
  }
  if (persistent != NULL) {
    ck_persistent_team_run(persistent, threads, body, argument);
    return;
  }
  int spinning = end_spinning();
#pragma omp parallel num_threads(threads)
  run_worker(body, argument, omp_get_thread_num(), omp_get_num_threads());
  restore_spinning(spinning);
}

typedef struct session_call {
  ck_team *team;
  ck_team **persistent;
  void (*session)(void *argument);
  void *argument;
} session_call;

static void hold_worker(session_call *call, int worker, int workers) {
  if (worker > 0) {
    ck_float_state state = ck_float_state_enter();
    ck_persistent_team_serve(call->team, worker);
    ck_float_state_restore(state);
    return;
  }
  ck_persistent_team_open(call->team, workers);
  *call->persistent = call->team;
  call->session(call->argument);
  *call->persistent = NULL;
  ck_persistent_team_dismiss(call->team);
}

void ck_team_hold(int threads, bool crowded, ck_team **persistent, void (*session)(void *argument),
                  void *argument) {
  session_call call = {.persistent = persistent, .session = session, .argument = argument};
  // A session in a session goes on with the team that stands by.
  if (threads > 1 && *persistent == NULL)
    call.team = ck_persistent_team_create(threads, crowded);
  if (call.team == NULL) {
    session(argument);
    return;
  }
  int spinning = end_spinning();
#pragma omp parallel num_threads(threads)
  hold_worker(&call, omp_get_thread_num(), omp_get_num_threads());
  restore_spinning(spinning);
  ck_persistent_team_destroy(call.team);
}

static void do_nothing(void *argument, int worker, int workers) {
  (void)argument;
  (void)worker;
  (void)workers;
}

int ck_team_reserve(int threads) {
  // The runtime ends the process if it cannot create a thread, but keeps the threads it has.
  int available = ck_threads_available(threads);
  ck_team_run(NULL, available, do_nothing, NULL);
  return available;
}

int ck_team_default_threads(void) { return ck_usable_cpus(); }

int ck_team_openmp(void) { return _OPENMP; }
#endif
