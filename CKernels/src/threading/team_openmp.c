// Teams by OpenMP. The outlined region has the target's baseline features, so it holds nothing but
// the call of the body.
#if defined(_OPENMP)
#include "team.h"
#include "float_state.h"

// The Swift toolchain's clang ships no omp.h; these are the runtime's own names.
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_num_procs(void);

static void run_member(ck_team_body body, void *argument, int member, int members) {
  ck_float_state state = ck_float_state_enter();
  body(argument, member, members);
  ck_float_state_restore(state);
}

void ck_team_run(int threads, ck_team_body body, void *argument) {
  if (threads <= 1) {
    run_member(body, argument, 0, 1);
    return;
  }
#pragma omp parallel num_threads(threads)
  run_member(body, argument, omp_get_thread_num(), omp_get_num_threads());
}

int ck_team_default_threads(void) { return omp_get_num_procs(); }

int ck_team_openmp(void) { return _OPENMP; }
#endif
