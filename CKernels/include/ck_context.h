// SPDX-License-Identifier: Apache-2.0

/// The context: instruction set, threads and scratch memory of the calls it is passed to.
#ifndef CK_CONTEXT_H
#define CK_CONTEXT_H

#include "ck_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Belongs to one thread of control at a time; several contexts may work side by side.
typedef struct ck_context ck_context;

/// Instruction sets by features, weakest first within an architecture: the levels of
/// isa_levels.def. Their numbers never change.
typedef enum ck_isa {
  CK_ISA_PORTABLE = 0,
  CK_ISA_AVX2 = 1,
  CK_ISA_AVX512 = 2,
  CK_ISA_NEON = 3,
  CK_ISA_COUNT = 4,
} ck_isa;

typedef struct ck_context_options {
  /// Threads of a parallel call; 0 for all CPUs this process may use.
  int threads;
  /// The instruction set, or -1 for the best this machine has.
  int isa;
} ck_context_options;

/// Makes a context; NULL options are all defaults.
/// CK_ERROR_ISA where the machine lacks the instruction set, CK_ERROR_VALUE for negative threads.
CK_API ck_status ck_context_create(const ck_context_options *options, ck_context **context);

/// Frees a context; NULL is allowed.
CK_API void ck_context_destroy(ck_context *context);

/// What a context really uses.
typedef struct ck_context_info {
  ck_isa isa;
  /// Threads asked for, and those a parallel region really got just now.
  int threads;
  int team;
  /// The OpenMP version (yyyymm) the library was compiled with; 0 without OpenMP.
  int openmp;
} ck_context_info;

CK_API ck_status ck_context_get_info(ck_context *context, ck_context_info *info);

/// Calls `session` on the calling thread while the context's other threads stand by in one parallel
/// region. Calls on this context from inside share their work with them at the cost of a barrier
/// (below a microsecond) instead of a region (some tens of microseconds). Threads that wait spin
/// for about a hundred microseconds, then sleep. Results are the same with and without.
CK_API ck_status ck_context_with_team(ck_context *context, void (*session)(void *argument),
                                      void *argument);

/// Calls `body` with parts [first, last) of `count` items that make up the whole, on as many of the
/// context's threads as `nanoseconds` of work in all are worth. Parts begin at multiples of
/// `grain`. Denormals are flushed to zero meanwhile. Where parts begin depends on the number of
/// threads: what `body` makes of an item must not. CK_ERROR_SHAPE for a negative count,
/// CK_ERROR_VALUE for a grain below 1.
CK_API ck_status ck_context_share(ck_context *context, int64_t count, int64_t grain,
                                  double nanoseconds,
                                  void (*body)(void *argument, int64_t first, int64_t last),
                                  void *argument);

/// Whether this machine can run an instruction set.
CK_API bool ck_isa_available(ck_isa isa);

/// Its name, as "avx512"; NULL for a value that is none.
CK_API const char *ck_isa_name(ck_isa isa);

#ifdef __cplusplus
}
#endif
#endif
