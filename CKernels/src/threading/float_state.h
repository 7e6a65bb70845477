// SPDX-License-Identifier: Apache-2.0

// Flush-to-zero: a denormal operand costs a hundred times a normal one on x86.
#ifndef CK_FLOAT_STATE_H
#define CK_FLOAT_STATE_H

#if defined(__x86_64__)
#include <xmmintrin.h>
typedef unsigned ck_float_state;
static inline ck_float_state ck_float_state_enter(void) {
  unsigned state = _mm_getcsr();
  // FTZ and DAZ on, round to nearest, all exceptions masked.
  _mm_setcsr(0x1f80 | 0x8040);
  return state;
}
static inline void ck_float_state_restore(ck_float_state state) { _mm_setcsr(state); }
#elif defined(__aarch64__)
#include <stdint.h>
typedef uint64_t ck_float_state;
static inline ck_float_state ck_float_state_enter(void) {
  uint64_t state;
  __asm__ volatile("mrs %0, fpcr" : "=r"(state));
  uint64_t flush = 1u << 24;
  __asm__ volatile("msr fpcr, %0" : : "r"(flush));
  return state;
}
static inline void ck_float_state_restore(ck_float_state state) {
  __asm__ volatile("msr fpcr, %0" : : "r"(state));
}
#else
typedef int ck_float_state;
static inline ck_float_state ck_float_state_enter(void) { return 0; }
static inline void ck_float_state_restore(ck_float_state state) { (void)state; }
#endif

#endif
