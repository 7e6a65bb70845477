// Teams by OpenMP. An outlined region has the target's baseline features, so it holds nothing but
// the call of a function.
#if defined(_OPENMP)
#include "cpus.h"
#include "float_state.h"
#include "standing_team.h"
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

static void run_member(ck_team_body body, void *argument, int member, int members) {
  ck_float_state state = ck_float_state_enter();
  body(argument, member, members);
  ck_float_state_restore(state);
}

void ck_team_run(ck_team *standing, int threads, ck_team_body body, void *argument) {
  if (threads <= 1) {
    run_member(body, argument, 0, 1);
    return;
  }
  if (standing != NULL) {
    ck_standing_team_run(standing, threads, body, argument);
    return;
  }
  int spinning = end_spinning();
#pragma omp parallel num_threads(threads)
  run_member(body, argument, omp_get_thread_num(), omp_get_num_threads());
  restore_spinning(spinning);
}

typedef struct session_call {
  ck_team *team;
  ck_team **standing;
  void (*session)(void *argument);
  void *argument;
} session_call;

static void hold_member(session_call *call, int member, int members) {
  if (member > 0) {
    ck_float_state state = ck_float_state_enter();
    ck_standing_team_serve(call->team, member);
    ck_float_state_restore(state);
    return;
  }
  ck_standing_team_open(call->team, members);
  *call->standing = call->team;
  call->session(call->argument);
  *call->standing = NULL;
  ck_standing_team_dismiss(call->team);
}

void ck_team_hold(int threads, bool crowded, ck_team **standing, void (*session)(void *argument),
                  void *argument) {
  session_call call = {.standing = standing, .session = session, .argument = argument};
  // A session in a session goes on with the team that stands by.
  if (threads > 1 && *standing == NULL)
    call.team = ck_standing_team_create(threads, crowded);
  if (call.team == NULL) {
    session(argument);
    return;
  }
  int spinning = end_spinning();
#pragma omp parallel num_threads(threads)
  hold_member(&call, omp_get_thread_num(), omp_get_num_threads());
  restore_spinning(spinning);
  ck_standing_team_destroy(call.team);
}

static void do_nothing(void *argument, int member, int members) {
  (void)argument;
  (void)member;
  (void)members;
}

int ck_team_secure(int threads) {
  // The runtime ends the process if it cannot create a thread, but keeps the threads it has.
  int available = ck_threads_available(threads);
  ck_team_run(NULL, available, do_nothing, NULL);
  return available;
}

int ck_team_default_threads(void) { return ck_usable_cpus(); }

int ck_team_openmp(void) { return _OPENMP; }
#endif
