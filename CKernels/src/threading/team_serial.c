// SPDX-License-Identifier: Apache-2.0

// The twin for builds without OpenMP: every team has one worker, the caller.
#if !defined(_OPENMP)
#include "float_state.h"
#include "team.h"

void ck_team_run(ck_team *persistent, int threads, ck_team_body body, void *argument) {
  (void)persistent;
  (void)threads;
  ck_float_state state = ck_float_state_enter();
  body(argument, 0, 1);
  ck_float_state_restore(state);
}

void ck_team_hold(int threads, bool crowded, ck_team **persistent, void (*session)(void *argument),
                  void *argument) {
  (void)threads;
  (void)crowded;
  (void)persistent;
  session(argument);
}

int ck_team_reserve(int threads) {
  (void)threads;
  return 1;
}

int ck_team_default_threads(void) { return 1; }

int ck_team_openmp(void) { return 0; }
#endif
