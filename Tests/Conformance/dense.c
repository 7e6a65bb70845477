// SPDX-License-Identifier: Apache-2.0

// Dense products in single precision. The bounds are those of docs/reference/numerics.md: the error
// of a chain of d rounded sums is d u of the sum of magnitudes; product, bias and factor add one
// rounding each.
#include "run.h"

#include <math.h>
#include <stdlib.h>

/// The largest |act'(h)| at the stored outputs of up to 4 that are used here: h (1 - h). Its own
/// rounding, 31 u at most, counts against the sum's magnitude too and is within 4 u FACTOR.
enum { FACTOR = 20 };

static void compare_all(run *r, const matrix *m, const double *reference, const double *magnitude,
                        double scale, int64_t depth, const char *name) {
  for (int64_t i = 0; i < m->rows; i++)
    for (int64_t j = 0; j < m->columns; j++) {
      int64_t e = i * m->columns + j;
      double bound = (double)(depth + 4) * ROUNDOFF * magnitude[e] * scale +
                     8 * ROUNDOFF * fabs(reference[e]) + 1e-37;
      compare(r, m->base[i * m->stride + j], reference[e], bound, name, i, j);
    }
}

static bool same_bits(const matrix *a, const matrix *b) {
  for (int64_t i = 0; i < a->rows; i++)
    for (int64_t j = 0; j < a->columns; j++)
      if (!(a->base[i * a->stride + j] == b->base[i * b->stride + j]))
        return false;
  return true;
}

static double *doubles(int64_t rows, int64_t columns) {
  double *p = calloc((size_t)(rows * columns + 1), sizeof *p);
  if (p == NULL)
    exit(2);
  return p;
}

static void products(run *r, int64_t M, int64_t N, int64_t K, ck_activation act, bool biased) {
  const ck_activation none = {CK_IDENTITY, 0};
  matrix x = matrix_make(r, M, K, 1), w = matrix_make(r, N, K, 2), b = matrix_make(r, 1, N, 3);
  matrix h = matrix_make(r, M, N, 4), dz = matrix_make(r, M, N, 5);
  matrix y = matrix_make(r, M, N, 0), again = matrix_make(r, M, N, 0);
  matrix dx = matrix_make(r, M, K, 0), dx_again = matrix_make(r, M, K, 0);
  double *exact = doubles(M, N), *magnitude = doubles(M, N), *unused = doubles(M, N);
  double *exact_x = doubles(M, K), *magnitude_x = doubles(M, K), *unused_x = doubles(M, K);
  const float *bias = biased ? b.base : NULL;
  ck_packed_weights *packed = NULL;
  require(r, ck_packed_weights_create(r->context, N, K, &packed) == CK_OK, "packed weights");
  require(r, ck_packed_weights_update(r->context, packed, w.base, w.stride) == CK_OK, "packing");

  ck_status status = ck_dense_forward_f32(r->context, M, N, K, x.base, x.stride, w.base, w.stride,
                                          bias, act, y.base, y.stride);
  require(r, status == CK_OK, "forward's status");
  ck_reference_dense_forward_f32(M, N, K, x.base, x.stride, w.base, w.stride, bias, act, exact,
                                 magnitude);
  compare_all(r, &y, exact, magnitude, 1.76, K, "forward");
  status = ck_dense_forward_packed_f32(r->context, M, packed, x.base, x.stride, bias, act,
                                       again.base, again.stride);
  require(r, status == CK_OK && same_bits(&y, &again), "forward of packed weights");
  note_bits(r, &y);

  status = ck_dense_tangent_f32(r->context, M, N, K, x.base, x.stride, w.base, w.stride, h.base,
                                h.stride, act, y.base, y.stride);
  require(r, status == CK_OK, "tangent's status");
  ck_reference_dense_tangent_f32(M, N, K, x.base, x.stride, w.base, w.stride, h.base, h.stride, act,
                                 exact, NULL);
  ck_reference_dense_forward_f32(M, N, K, x.base, x.stride, w.base, w.stride, NULL, none, unused,
                                 magnitude);
  compare_all(r, &y, exact, magnitude, FACTOR, K, "tangent");
  status = ck_dense_tangent_packed_f32(r->context, M, packed, x.base, x.stride, h.base, h.stride,
                                       act, again.base, again.stride);
  require(r, status == CK_OK && same_bits(&y, &again), "tangent of packed weights");
  note_bits(r, &y);

  const float *factor = biased ? x.base : NULL;
  status = ck_dense_backward_data_f32(r->context, M, N, K, dz.base, dz.stride, w.base, w.stride,
                                      factor, x.stride, act, dx.base, dx.stride);
  require(r, status == CK_OK, "backward_data's status");
  ck_reference_dense_backward_data_f32(M, N, K, dz.base, dz.stride, w.base, w.stride, NULL, 0, none,
                                       unused_x, magnitude_x);
  ck_reference_dense_backward_data_f32(M, N, K, dz.base, dz.stride, w.base, w.stride, factor,
                                       x.stride, act, exact_x, NULL);
  compare_all(r, &dx, exact_x, magnitude_x, FACTOR, N, "backward_data");
  status = ck_dense_backward_data_packed_f32(r->context, M, packed, dz.base, dz.stride, factor,
                                             x.stride, act, dx_again.base, dx_again.stride);
  require(r, status == CK_OK && same_bits(&dx, &dx_again), "backward_data of packed weights");
  note_bits(r, &dx);

  ck_packed_weights_destroy(packed);
  double *numbers[] = {exact, magnitude, unused, exact_x, magnitude_x, unused_x};
  for (int i = 0; i < 6; i++)
    free(numbers[i]);
  matrix *all[] = {&x, &w, &b, &h, &dz, &y, &again, &dx, &dx_again};
  for (int i = 0; i < 9; i++)
    matrix_free(r, all[i], "a product wrote outside its matrix");
}

static void gradients(run *r, int64_t M, int64_t N, int64_t K) {
  matrix x = matrix_make(r, M, K, 1), dz = matrix_make(r, M, N, 2);
  matrix dw = matrix_make(r, N, K, 0), db = matrix_make(r, 1, N, 0);
  double *exact = doubles(N, K), *magnitude = doubles(N, K);
  double *sums = doubles(1, N), *sums_magnitude = doubles(1, N);
  ck_reference_dense_backward_weights_f32(M, N, K, dz.base, dz.stride, x.base, x.stride, exact,
                                          sums, magnitude, sums_magnitude);
  for (int pass = 1; pass <= 2; pass++) {
    ck_status status =
        ck_dense_backward_weights_f32(r->context, M, N, K, dz.base, dz.stride, x.base, x.stride,
                                      dw.base, dw.stride, db.base, pass == 2);
    require(r, status == CK_OK, "backward_weights' status");
    if (pass == 2) { // twice the same sum, in twice as many steps
      for (int64_t i = 0; i < N * K; i++) {
        exact[i] *= 2;
        magnitude[i] *= 2;
      }
      for (int64_t i = 0; i < N; i++) {
        sums[i] *= 2;
        sums_magnitude[i] *= 2;
      }
    }
    compare_all(r, &dw, exact, magnitude, 1, pass * M, "backward_weights");
    compare_all(r, &db, sums, sums_magnitude, 1, pass * M, "bias gradient");
    note_bits(r, &dw);
    note_bits(r, &db);
  }
  double *numbers[] = {exact, magnitude, sums, sums_magnitude};
  for (int i = 0; i < 4; i++)
    free(numbers[i]);
  matrix *all[] = {&x, &dz, &dw, &db};
  for (int i = 0; i < 4; i++)
    matrix_free(r, all[i], "a gradient wrote outside its matrix");
}

/// A NaN in one row of the batch reaches that row of the result and no other.
static void not_a_number(run *r) {
  matrix x = matrix_make(r, 20, 9, 1), w = matrix_make(r, 5, 9, 2), y = matrix_make(r, 20, 5, 0);
  x.base[7 * x.stride + 3] = NAN;
  ck_dense_forward_f32(r->context, 20, 5, 9, x.base, x.stride, w.base, w.stride, NULL,
                       activations[1], y.base, y.stride);
  for (int64_t i = 0; i < 20; i++)
    for (int64_t j = 0; j < 5; j++)
      require(r, isnan(y.base[i * y.stride + j]) == (i == 7), "NaN stays in its row");
  matrix_free(r, &x, "NaN");
  matrix_free(r, &w, "NaN");
  matrix_free(r, &y, "NaN");
}

void check_dense(run *r) {
  for (int i = 0; i < SIZE_COUNT; i++)
    for (int j = 0; j < SIZE_COUNT; j++) {
      int64_t M = sizes[i], N = sizes[j], K = sizes[(3 * i + 5 * j + 1) % SIZE_COUNT];
      products(r, M, N, K, activations[(i + j) % 6], (i + j) % 4 != 3);
      gradients(r, M, N, K);
    }
  gradients(r, 1100, 33, 65); // beyond 512 rows the batch is cut into chunks
  not_a_number(r);
}
