// The twin for builds without OpenMP: every team has one member, the caller.
#if !defined(_OPENMP)
#include "team.h"
#include "float_state.h"

void ck_team_run(int threads, ck_team_body body, void *argument) {
  (void)threads;
  ck_float_state state = ck_float_state_enter();
  body(argument, 0, 1);
  ck_float_state_restore(state);
}

int ck_team_default_threads(void) { return 1; }

int ck_team_openmp(void) { return 0; }
#endif
