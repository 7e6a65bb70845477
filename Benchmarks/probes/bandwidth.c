// SPDX-License-Identifier: Apache-2.0

/* Memory traffic: loads, stores and copies of buffers of each thread's own, touched by that thread
 * first, so that their pages lie near it. */
#include "CBenchProbes.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 1024 };

typedef struct {
  size_t bytes;
  uint64_t repeats;
  int has_target; /* a copy's; loads and stores have one buffer */
  char *source[MAX_THREADS];
  char *target[MAX_THREADS];
} traffic;

static char *touched(size_t bytes, int value) {
  size_t whole_lines = (bytes + 63) / 64 * 64;
  char *memory = aligned_alloc(64, whole_lines);
  if (memory != NULL)
    memset(memory, value, whole_lines);
  return memory;
}

static int touch(void *raw, int index) {
  traffic *work = raw;
  /* Bytes of a denormal or a huge float would make additions slow. */
  work->source[index] = touched(work->bytes, 0);
  if (work->has_target)
    work->target[index] = touched(work->bytes, 0);
  if (work->source[index] != NULL && (!work->has_target || work->target[index] != NULL))
    return 0;
  free(work->source[index]);
  free(work->target[index]);
  return 1;
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

/* Loads and stores in the widest vectors that the processor has. A vector is VECTOR floats; four
 * are in flight, so that no chain of additions is the limit. */
#define TRAFFIC_BODIES(LEVEL, VECTOR, TARGET)                                                 \
  typedef float vector_##LEVEL __attribute__((vector_size(4 * VECTOR), aligned(4 * VECTOR))); \
  TARGET static void load_##LEVEL(void *raw, int index) {                                     \
    traffic *work = raw;                                                                      \
    const vector_##LEVEL *from = (const vector_##LEVEL *)work->source[index];                 \
    size_t count = work->bytes / sizeof(vector_##LEVEL);                                      \
    vector_##LEVEL a = {0}, b = {0}, c = {0}, d = {0};                                        \
    for (uint64_t r = 0; r < work->repeats; ++r) {                                            \
      for (size_t i = 0; i + 4 <= count; i += 4) {                                            \
        a += from[i];                                                                         \
        b += from[i + 1];                                                                     \
        c += from[i + 2];                                                                     \
        d += from[i + 3];                                                                     \
      }                                                                                       \
      __asm__ volatile("" : : "r"(from) : "memory");                                          \
    }                                                                                         \
    a += b + c + d;                                                                           \
    __asm__ volatile("" : : "r"(&a) : "memory");                                              \
  }                                                                                           \
  TARGET static void store_##LEVEL(void *raw, int index) {                                    \
    traffic *work = raw;                                                                      \
    vector_##LEVEL *to = (vector_##LEVEL *)work->source[index];                               \
    size_t count = work->bytes / sizeof(vector_##LEVEL);                                      \
    for (uint64_t r = 0; r < work->repeats; ++r) {                                            \
      vector_##LEVEL value = (vector_##LEVEL){0} + (float)r;                                  \
      for (size_t i = 0; i + 4 <= count; i += 4)                                              \
        to[i] = to[i + 1] = to[i + 2] = to[i + 3] = value;                                    \
      __asm__ volatile("" : : "r"(to) : "memory");                                            \
    }                                                                                         \
  }

TRAFFIC_BODIES(portable, 4, )
#if defined(__x86_64__)
TRAFFIC_BODIES(avx2, 8, __attribute__((target("avx2"))))
TRAFFIC_BODIES(avx512, 16, __attribute__((target("avx512f"))))
#endif

static double run(size_t bytes, int threads, uint64_t repeats, void (*body)(void *, int)) {
  if (threads < 1 || threads > MAX_THREADS)
    return 0;
  traffic *work = calloc(1, sizeof(traffic));
  if (work == NULL)
    return 0;
  work->bytes = bytes;
  work->repeats = repeats;
  work->has_target = body == copy_body;
  double seconds = probe_team_run(threads, touch, body, release, work);
  free(work);
  return seconds;
}

double probe_copy(size_t bytes, int threads, uint64_t repeats) {
  return run(bytes, threads, repeats, copy_body);
}

double probe_load(size_t bytes, int threads, uint64_t repeats) {
  void (*body)(void *, int) = load_portable;
#if defined(__x86_64__)
  body = probe_isa_available(PROBE_AVX512) ? load_avx512
         : probe_isa_available(PROBE_AVX2) ? load_avx2
                                           : load_portable;
#endif
  return run(bytes, threads, repeats, body);
}

double probe_store(size_t bytes, int threads, uint64_t repeats) {
  void (*body)(void *, int) = store_portable;
#if defined(__x86_64__)
  body = probe_isa_available(PROBE_AVX512) ? store_avx512
         : probe_isa_available(PROBE_AVX2) ? store_avx2
                                           : store_portable;
#endif
  return run(bytes, threads, repeats, body);
}
