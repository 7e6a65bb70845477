// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE /* clock_gettime and the affinity of threads, which -std=c17 hides */

#include "team.h"
#include "CBenchProbes.h"

#include <pthread.h>
#if defined(__linux__)
#include <sched.h>
#endif
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
  int (*prepare)(void *argument, int index);
  void (*body)(void *argument, int index);
  void (*release)(void *argument, int index);
  void *argument;
  int threads;
  int caller; /* the processor that the first member runs on */
  atomic_int ready;
  atomic_int failed;
} team;

typedef struct {
  team *team;
  int index;
  uint64_t start, end;
} member;

uint64_t probe_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Gives each member but the caller a processor of its own. A new thread often begins on its
 * creator's processor, where both would spend the few milliseconds of a sample. */
static void settle(int index, int caller) {
#if defined(__linux__)
  cpu_set_t allowed, own;
  if (pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed) != 0)
    return;
  for (int cpu = 0, others = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed) || cpu == caller || ++others < index)
      continue;
    CPU_ZERO(&own);
    CPU_SET(cpu, &own);
    pthread_setaffinity_np(pthread_self(), sizeof own, &own);
    return;
  }
#else
  (void)index;
  (void)caller;
#endif
}

static int current_processor(void) {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

static void *member_main(void *raw) {
  member *self = raw;
  team *team = self->team;
  if (self->index > 0)
    settle(self->index, team->caller);
  int prepared = team->prepare == NULL || team->prepare(team->argument, self->index) == 0;
  if (!prepared)
    atomic_store(&team->failed, 1);
  /* Spinning is right here: the wait is short and a wake-up would blur the start. */
  atomic_fetch_add(&team->ready, 1);
  while (atomic_load(&team->ready) < team->threads) {
  }
  self->start = probe_nanoseconds();
  if (prepared && !atomic_load(&team->failed))
    team->body(team->argument, self->index);
  self->end = probe_nanoseconds();
  if (prepared && team->release != NULL)
    team->release(team->argument, self->index);
  return NULL;
}

double probe_team_run(int threads, int (*prepare)(void *argument, int index),
                      void (*body)(void *argument, int index),
                      void (*release)(void *argument, int index), void *argument) {
  if (threads < 1)
    return 0;
  member *members = calloc((size_t)threads, sizeof(member));
  pthread_t *handles = calloc((size_t)threads, sizeof(pthread_t));
  if (members == NULL || handles == NULL) {
    free(members);
    free(handles);
    return 0;
  }
  team team = {.prepare = prepare,
               .body = body,
               .release = release,
               .argument = argument,
               .threads = threads,
               .caller = current_processor()};
  int started = 1;
  for (int i = 0; i < threads; ++i)
    members[i] = (member){.team = &team, .index = i};
  for (; started < threads; ++started)
    if (pthread_create(&handles[started], NULL, member_main, &members[started]) != 0)
      break;
  if (started < threads) {
    /* Let those that did start come through their barrier; the measurement is void. */
    atomic_store(&team.failed, 1);
    atomic_fetch_add(&team.ready, threads - started);
  }
  member_main(&members[0]);
  for (int i = 1; i < started; ++i)
    pthread_join(handles[i], NULL);

  uint64_t start = members[0].start, end = members[0].end;
  for (int i = 1; i < started; ++i) {
    start = members[i].start < start ? members[i].start : start;
    end = members[i].end > end ? members[i].end : end;
  }
  int failed = atomic_load(&team.failed);
  free(members);
  free(handles);
  return failed ? 0 : (double)(end - start) * 1e-9;
}
