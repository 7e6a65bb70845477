// SPDX-License-Identifier: Apache-2.0

// What the families of checks share: operands between inaccessible pages, comparisons with a bound,
// and checksums of the bits of results.
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include "ck_reference.h"

/// Half a unit in the last place of a number in [1, 2).
#define ROUNDOFF 0x1p-24

/// What has been found at one level.
typedef struct run {
  ck_context *context;
  const char *level;
  /// Operands touch an inaccessible page with their end, or with their beginning.
  bool flush_end;
  long comparisons, failures;
  /// The largest error in units of its bound.
  double worst;
  /// Of the bits of the results of the current family (FNV-1a).
  uint64_t checksum;
} run;

/// A row-major matrix that is flush against an inaccessible page. Behind each row but the last, and
/// on the side away from that page, lie NaN.
typedef struct matrix {
  int64_t rows, columns, stride;
  float *base;
  unsigned char *mapping;
  size_t length, accessible;
} matrix;

/// Filled with numbers of both signs and several magnitudes, or with NaN for the seed 0.
matrix matrix_make(const run *r, int64_t rows, int64_t columns, uint64_t seed);

/// Frees it; a failure if anything but elements was written.
void matrix_free(run *r, matrix *m, const char *name);

/// `count` 16-bit values, flush likewise, in a matrix of one row that holds them.
matrix codes_make(const run *r, int64_t count);
static inline uint16_t *codes(const matrix *m) { return (uint16_t *)m->base; }

/// Counts one comparison; it passes only if |value - reference| <= bound.
void compare(run *r, float value, double reference, double bound, const char *name, int64_t row,
             int64_t column);

/// Counts a condition.
void require(run *r, bool condition, const char *name);

/// Adds the bits of all elements to the checksum.
void note_bits(run *r, const matrix *m);
/// Adds 16 bits.
void note_code(run *r, uint16_t code);

/// Sizes around the edges of vectors, tiles and blocks.
#define SIZE_COUNT 11
extern const int64_t sizes[SIZE_COUNT];

extern const ck_activation activations[6];

void check_dense(run *r);
void check_dense_half(run *r);
void check_half_chains(run *r);
void check_sparse(run *r);
void check_rows(run *r);
void check_random(run *r);
void check_arrays(run *r);
void check_batch_norm(run *r);
void check_misuse(run *r);
void check_overlap(run *r);

#endif
