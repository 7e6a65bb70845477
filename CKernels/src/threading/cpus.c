// SPDX-License-Identifier: Apache-2.0

#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#endif
#include "cpus.h"

#include <unistd.h>

#if defined(__linux__)
/// CPUs that a control group's `cpu.max` allows, 0 for no limit.
static int quota_of(const char *group) {
  char path[4200];
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group);
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return 0;
  double quota = 0, period = 0;
  // "max 100000" where there is none.
  int fields = fscanf(file, "%lf %lf", &quota, &period);
  fclose(file);
  if (fields != 2 || !(quota > 0) || !(period > 0))
    return 0;
  int cpus = (int)(quota / period + 0.5);
  return cpus > 0 ? cpus : 1;
}

/// The least quota on the way from this process's group to the root (control groups version 2).
static int min_quota(void) {
  char line[4096], *group = NULL;
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (file == NULL)
    return 0;
  while (group == NULL && fgets(line, sizeof line, file) != NULL)
    if (strncmp(line, "0::", 3) == 0)
      group = line + 3;
  fclose(file);
  if (group == NULL)
    return 0;
  group[strcspn(group, "\n")] = 0;
  int minimum = 0;
  for (;;) {
    int quota = quota_of(group);
    if (quota > 0 && (minimum == 0 || quota < minimum))
      minimum = quota;
    char *last = strrchr(group, '/');
    if (last == NULL)
      return minimum;
    *last = 0;
  }
}
#endif

int ck_usable_cpus(void) {
  int cpus = 0;
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    cpus = CPU_COUNT(&allowed);
#endif
  if (cpus < 1)
    cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
#if defined(__linux__)
  int quota = min_quota();
  if (quota > 0 && quota < cpus)
    cpus = quota;
#endif
  return cpus > 0 ? cpus : 1;
}

int ck_current_cpu(void) {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

void ck_move_off(const int *taken, int count) {
#if defined(__linux__)
  cpu_set_t allowed, left;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    return;
  left = allowed;
  for (int i = 0; i < count; i++)
    if (taken[i] >= 0 && taken[i] < CPU_SETSIZE)
      CPU_CLR((size_t)taken[i], &left);
  // The kernel moves a thread at once that runs outside its mask.
  if (CPU_COUNT(&left) > 0 && sched_setaffinity(0, sizeof left, &left) == 0)
    sched_setaffinity(0, sizeof allowed, &allowed);
#else
  (void)taken;
  (void)count;
#endif
}
