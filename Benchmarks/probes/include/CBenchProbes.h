// SPDX-License-Identifier: Apache-2.0

/* What this machine can do at most, measured by loops that do nothing else: the yardstick that the
 * bench holds the kernels against. Written for measuring, not for use; nothing here is
 * deterministic.
 *
 * Every probe runs its body on `threads` POSIX threads that start together, and returns the
 * seconds from the first start to the last end; 0 if the machine or the build lacks the level. */
#ifndef CBENCH_PROBES_H
#define CBENCH_PROBES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  PROBE_PORTABLE = 0, /* the architecture's baseline: SSE2 multiply and add, or NEON */
  PROBE_AVX2 = 1,     /* 256-bit FMA */
  PROBE_AVX512 = 2,   /* 512-bit FMA */
} probe_isa;

/* Floating-point operations that one call of probe_fma does on each thread per iteration. */
double probe_fma_operations(probe_isa isa);

/* Register-only fp32 multiply-adds with enough independent chains to hide their latency. */
double probe_fma(probe_isa isa, int threads, uint64_t iterations);

/* What a vector instruction can wait for beside the multiply-add units. */
typedef enum {
  PROBE_WIDE_MULTIPLY = 0, /* of 32-bit lanes to 64 bits */
  PROBE_DIVIDE = 1,
  PROBE_ROOT = 2,
  PROBE_ANY = 3, /* an instruction that every vector unit takes: an addition of integers */
} probe_instruction_kind;

/* Instructions that one call of probe_instruction does on each thread per iteration. */
double probe_instructions_per_iteration(void);

/* Floats of a vector of the level. */
double probe_lanes(probe_isa isa);

/* Register-only instructions of one kind in enough independent chains. */
double probe_instruction(probe_instruction_kind kind, probe_isa isa, int threads,
                         uint64_t iterations);

/* Each thread copies `bytes` of its own memory to another place, `repeats` times; reads and writes
 * count, so the traffic is 2 * bytes * repeats * threads. 0 also if memory is not to be had. */
double probe_copy(size_t bytes, int threads, uint64_t repeats);

/* Each thread reads, or writes, `bytes` of its own memory, `repeats` times, in the widest vectors
 * of the processor; `bytes` is a multiple of 256. The traffic is bytes * repeats * threads. */
double probe_load(size_t bytes, int threads, uint64_t repeats);
double probe_store(size_t bytes, int threads, uint64_t repeats);

/* The threads meet `repeats` times at a barrier that spins on one counter. */
double probe_barrier(int threads, uint64_t repeats);

/* Nanoseconds of a clock that only goes forward. */
uint64_t probe_nanoseconds(void);

/* 1 if the processor and the operating system offer the level. */
int probe_isa_available(probe_isa isa);

/* The kernels of CKernels/src/dispatch/kernel_list.def; NULL for an index that is none. */
int probe_kernel_count(void);
const char *probe_kernel_name(int index);

#ifdef __cplusplus
}
#endif
#endif
