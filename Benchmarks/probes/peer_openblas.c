// SPDX-License-Identifier: Apache-2.0

/* OpenBLAS on the threads of another runtime. */
#include "CBenchPeers.h"

/* The types of openblas_set_threads_callback_function. */
typedef void (*openblas_job)(int thread, void *data, int index);
typedef void (*openblas_runner)(int sync, openblas_job job, int count, size_t element, void *data,
                                int index);

/* OpenBLAS hands no context to its callback. */
static probe_peer_threads adopted;

typedef struct {
  openblas_job job;
  size_t element;
  char *data;
  int index;
  int count;
} jobs;

static void run_jobs(void *raw) {
  const jobs *work = raw;
  /* The jobs of one product wait for each other, so a team that is too small would never end; it
   * is as large as was asked for unless nesting or a limit of the runtime forbids it. */
  for (int i = adopted.member(); i < work->count; i += adopted.team_size())
    work->job(i, work->data + (size_t)i * work->element, work->index);
}

static void run_openblas(int sync, openblas_job job, int count, size_t element, void *data,
                         int index) {
  (void)sync;
  jobs work = {job, element, data, index, count};
  adopted.parallel(run_jobs, &work, (unsigned)count, 0);
}

void probe_peer_adopt_openblas(void *install, const probe_peer_threads *threads) {
  adopted = *threads;
  ((void (*)(openblas_runner))install)(run_openblas);
}
