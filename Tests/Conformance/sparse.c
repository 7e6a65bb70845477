// SPDX-License-Identifier: Apache-2.0

// Sparse columns against the reference, and against the same columns written out: the chains are
// the same, and so are the bits.
#include "run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Rows of entries in ascending columns, flush against inaccessible pages.
typedef struct entries {
  int64_t count; ///< of each row
  matrix values, indices;
} entries;

/// One entry in each of `count` equal parts of the row; `to`, columns from..., gets them written
/// out.
static entries entries_make(const run *r, int64_t M, int64_t S, int64_t count, matrix *to,
                            int64_t from) {
  entries e = {count, matrix_make(r, 1, M * count, 7), matrix_make(r, 1, M * count, 0)};
  for (int64_t row = 0; row < M; row++) {
    float *whole = to->base + row * to->stride + from;
    memset(whole, 0, (size_t)S * sizeof(float));
    for (int64_t i = 0; i < count; i++) {
      int64_t part = S / count, index = row * count + i;
      int32_t column = (int32_t)(i * part + (row * 7 + i * 3) % part);
      memcpy(e.indices.base + index, &column, sizeof column);
      whole[column] = e.values.base[index];
    }
  }
  return e;
}

static ck_sparse_rows rows_of(const entries *e) {
  return (ck_sparse_rows){e->count, (const int32_t *)e->indices.base, e->values.base};
}

static bool same(const matrix *a, const matrix *b) {
  for (int64_t i = 0; i < a->rows; i++)
    for (int64_t j = 0; j < a->columns; j++)
      if (memcmp(a->base + i * a->stride + j, b->base + i * b->stride + j, sizeof(float)) != 0)
        return false;
  return true;
}

/// y[R,C] against what the reference says, a sum of `depth` terms in each.
static void compare_sums(run *r, const matrix *y, const double *exact, const double *magnitude,
                         int64_t depth, const char *name) {
  for (int64_t i = 0; i < y->rows; i++)
    for (int64_t j = 0; j < y->columns; j++) {
      double e = exact[i * y->columns + j], size = magnitude[i * y->columns + j];
      double bound = 1.76 * (double)(depth + 4) * ROUNDOFF * size + 8 * ROUNDOFF * fabs(e) + 1e-37;
      compare(r, y->base[i * y->stride + j], e, bound, name, i, j);
    }
}

static void layer(run *r, int64_t M, int64_t N, int64_t K, int64_t S, int64_t count,
                  ck_activation act) {
  matrix x = matrix_make(r, M, K, 1), whole = matrix_make(r, M, K + S, 2);
  matrix w = matrix_make(r, N, K + S, 3), b = matrix_make(r, 1, N, 4), dz = matrix_make(r, M, N, 5);
  matrix y = matrix_make(r, M, N, 0), expected = matrix_make(r, M, N, 0);
  matrix dw = matrix_make(r, N, S, 0), expected_dw = matrix_make(r, N, S, 0);
  for (int64_t i = 0; i < M; i++)
    memcpy(whole.base + i * whole.stride, x.base + i * x.stride, (size_t)K * sizeof(float));
  entries e = entries_make(r, M, S, count, &whole, K);
  ck_sparse_rows s = rows_of(&e);
  ck_packed_weights *packed = NULL;
  require(r, ck_packed_weights_create(r->context, N, K + S, &packed) == CK_OK, "packed weights");
  require(r, ck_packed_weights_update(r->context, packed, w.base, w.stride) == CK_OK, "packing");
  ck_status status = ck_dense_forward_sparse_packed_f32(r->context, M, packed, K, x.base, x.stride,
                                                        &s, b.base, act, y.base, y.stride);
  require(r, status == CK_OK, "sparse forward's status");
  ck_dense_forward_packed_f32(r->context, M, packed, whole.base, whole.stride, b.base, act,
                              expected.base, expected.stride);
  require(r, same(&y, &expected), "sparse forward has other bits than the whole");
  note_bits(r, &y);
  int64_t most = N * (M > S ? M : S) + 1;
  double *exact = calloc((size_t)most, sizeof(double));
  double *magnitude = calloc((size_t)most, sizeof(double));
  ck_reference_dense_forward_sparse_f32(M, N, K, x.base, x.stride, &s, w.base, w.stride, b.base,
                                        act, exact, magnitude);
  compare_sums(r, &y, exact, magnitude, K + count, "sparse forward");
  for (int pass = 1; pass <= 2; pass++) {
    status = ck_sparse_backward_weights_f32(r->context, M, N, S, dz.base, dz.stride, &s, dw.base,
                                            dw.stride, pass == 2);
    require(r, status == CK_OK, "sparse backward_weights' status");
    ck_dense_backward_weights_f32(r->context, M, N, S, dz.base, dz.stride, whole.base + K,
                                  whole.stride, expected_dw.base, expected_dw.stride, NULL,
                                  pass == 2);
    require(r, same(&dw, &expected_dw), "sparse backward_weights has other bits than the whole");
    note_bits(r, &dw);
    if (pass == 2)
      continue;
    ck_reference_sparse_backward_weights_f32(M, N, S, dz.base, dz.stride, &s, exact, magnitude);
    compare_sums(r, &dw, exact, magnitude, M * count, "sparse backward_weights");
  }
  free(exact);
  free(magnitude);
  ck_packed_weights_destroy(packed);
  matrix *all[] = {&x,        &whole, &w,           &b,        &dz,       &y,
                   &expected, &dw,    &expected_dw, &e.values, &e.indices};
  for (int i = 0; i < 11; i++)
    matrix_free(r, all[i], "a product of sparse rows wrote outside its matrix");
}

void check_sparse(run *r) {
  for (int i = 0; i < SIZE_COUNT; i++)
    for (int j = 0; j < SIZE_COUNT; j++) {
      int64_t S = sizes[(5 * i + 3 * j + 2) % SIZE_COUNT];
      if (S == 0)
        continue;
      int64_t count = (i + j) % 3 == 0 || S < 7 ? 1 : S / 7;
      layer(r, sizes[i], sizes[j], sizes[(3 * i + j) % SIZE_COUNT], S, count,
            activations[(i + j) % 6]);
    }
}
