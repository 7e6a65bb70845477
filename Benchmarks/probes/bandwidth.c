/* Memory traffic: copies between buffers of each thread's own, touched by that thread first, so
 * that their pages lie near it. */
#include "CBenchProbes.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>

enum { MAXIMAL_THREADS = 1024 };

typedef struct {
  size_t bytes;
  uint64_t repeats;
  char *source[MAXIMAL_THREADS];
  char *target[MAXIMAL_THREADS];
} traffic;

static int touch(void *raw, int index) {
  traffic *work = raw;
  size_t whole_lines = (work->bytes + 63) / 64 * 64;
  work->source[index] = aligned_alloc(64, whole_lines);
  work->target[index] = aligned_alloc(64, whole_lines);
  if (work->source[index] == NULL || work->target[index] == NULL) {
    free(work->source[index]);
    free(work->target[index]);
    return 1;
  }
  memset(work->source[index], index + 1, whole_lines);
  memset(work->target[index], 0, whole_lines);
  return 0;
}

static void release(void *raw, int index) {
  traffic *work = raw;
  free(work->source[index]);
  free(work->target[index]);
}

static void copy_body(void *raw, int index) {
  traffic *work = raw;
  for (uint64_t r = 0; r < work->repeats; ++r) {
    memcpy(work->target[index], work->source[index], work->bytes);
    /* The copy is needed: nobody knows who reads it. */
    __asm__ volatile("" : : "r"(work->target[index]) : "memory");
  }
}

double probe_copy(size_t bytes, int threads, uint64_t repeats) {
  if (threads < 1 || threads > MAXIMAL_THREADS)
    return 0;
  traffic *work = calloc(1, sizeof(traffic));
  if (work == NULL)
    return 0;
  work->bytes = bytes;
  work->repeats = repeats;
  double seconds = probe_team_run(threads, touch, copy_body, release, work);
  free(work);
  return seconds;
}
