// SPDX-License-Identifier: Apache-2.0

#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "event.h"

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <sched.h>
#endif

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

void ck_event_raise(ck_event *event) {
  // Sequentially consistent, as is the sleeper's entry: one of the two sees the other.
  atomic_fetch_add(&event->value, 1);
#if defined(__linux__)
  if (atomic_load(&event->sleepers) > 0)
    syscall(SYS_futex, &event->value, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
#endif
}

void ck_event_wait(ck_event *event, uint32_t old, int spins) {
  for (int i = 0; i < spins; i++) {
    if (atomic_load_explicit(&event->value, memory_order_acquire) != old)
      return;
    pause_briefly();
  }
  while (atomic_load(&event->value) == old) {
#if defined(__linux__)
    atomic_fetch_add(&event->sleepers, 1);
    // The kernel looks at the value again before it puts the thread to sleep.
    syscall(SYS_futex, &event->value, FUTEX_WAIT_PRIVATE, old, NULL, NULL, 0);
    atomic_fetch_sub(&event->sleepers, 1);
#else
    sched_yield();
#endif
  }
}
