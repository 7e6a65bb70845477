// SPDX-License-Identifier: Apache-2.0

/// Counter-based random numbers: Philox4x32-10 (Salmon et al., SC 2011).
///
/// Element i of a stream is word i % 4 of the block with counter (i / 4, purpose, step) and the
/// seed as key, so values depend on the stream and the index alone: not on threads, tiles or the
/// instruction set. Element (r, c) of a matrix has index first_index + r * columns + c.
#ifndef CK_RANDOM_H
#define CK_RANDOM_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Uniform in the open interval (0, 1): (word >> 8) + 1/2 in units of 2^-24, rounded to a float
/// below 1.
CK_API ck_status ck_random_uniform_f32(ck_context *ctx, int64_t rows, int64_t columns,
                                       ck_random_stream stream, uint64_t first_index, float *y,
                                       int64_t ldy);

/// Normal by Box and Muller: elements 2j and 2j + 1 come from words 2j and 2j + 1.
CK_API ck_status ck_random_normal_f32(ck_context *ctx, int64_t rows, int64_t columns, float mean,
                                      float deviation, ck_random_stream stream,
                                      uint64_t first_index, float *y, int64_t ldy);

/// Standard Gumbel: -log(-log u).
CK_API ck_status ck_random_gumbel_f32(ck_context *ctx, int64_t rows, int64_t columns,
                                      ck_random_stream stream, uint64_t first_index, float *y,
                                      int64_t ldy);

#ifdef __cplusplus
}
#endif
#endif
