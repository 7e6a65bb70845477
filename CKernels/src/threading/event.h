// SPDX-License-Identifier: Apache-2.0

// A counter that one thread raises and another waits for: a short spin, then sleep in the kernel.
// Spinning alone would be fatal on a machine with more threads than CPUs, sleeping alone would
// cost every small kernel a wake-up.
#ifndef CK_EVENT_H
#define CK_EVENT_H

#include <stdatomic.h>
#include <stdint.h>

/// What lies beside it on its cache line comes with it to whoever waits.
typedef struct ck_event {
  _Atomic uint32_t value;
  _Atomic uint32_t sleepers;
} ck_event;

/// Adds one and wakes who sleeps on it. What was written before is seen by who waited.
void ck_event_raise(ck_event *event);

/// Returns when the value is no longer `old`, after at most `spins` looks without sleeping.
void ck_event_wait(ck_event *event, uint32_t old, int spins);

#endif
