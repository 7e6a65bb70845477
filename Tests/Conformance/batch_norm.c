// SPDX-License-Identifier: Apache-2.0

// Batch normalization, forward and backward.
#include "run.h"

#include <math.h>
#include <stdlib.h>

static double *doubles(int64_t count) { return calloc((size_t)count + 1, sizeof(double)); }

static void compare_all(run *r, const matrix *m, const double *exact, const double *bound,
                        const char *name) {
  for (int64_t i = 0; i < m->rows; i++)
    for (int64_t j = 0; j < m->columns; j++)
      compare(r, m->base[i * m->stride + j], exact[i * m->columns + j], bound[i * m->columns + j],
              name, i, j);
}

static void normalize(run *r, int64_t M, int64_t N, ck_activation act, bool fixed) {
  const float epsilon = 1e-5f;
  matrix x = matrix_make(r, M, N, 1), y = matrix_make(r, M, N, 0);
  matrix weight = matrix_make(r, 1, N, 2), bias = matrix_make(r, 1, N, 3);
  matrix mean = matrix_make(r, 1, N, 0), variance = matrix_make(r, 1, N, 0);
  matrix inverse = matrix_make(r, 1, N, 0), dy = matrix_make(r, M, N, 4);
  matrix dx = matrix_make(r, M, N, 0), dweight = matrix_make(r, 1, N, 0);
  matrix dbias = matrix_make(r, 1, N, 0);
  double *exact = doubles(M * N), *bound = doubles(M * N);
  double *first = doubles(N), *second = doubles(N);
  double *first_bound = doubles(N), *second_bound = doubles(N);
  require(r,
          ck_batch_norm_forward_f32(r->context, M, N, x.base, x.stride, weight.base, bias.base,
                                    epsilon, act, mean.base, variance.base, inverse.base, y.base,
                                    y.stride) == CK_OK,
          "a normalization's status");
  ck_reference_batch_norm_forward_f32(M, N, x.base, x.stride, weight.base, bias.base, epsilon, act,
                                      first, second, exact, bound);
  compare_all(r, &y, exact, bound, "batch norm");
  require(r,
          ck_batch_norm_backward_f32(r->context, M, N, dy.base, dy.stride, y.base, y.stride, x.base,
                                     x.stride, weight.base, mean.base, inverse.base, act, fixed,
                                     dweight.base, dbias.base, dx.base, dx.stride) == CK_OK,
          "a normalization's gradient's status");
  ck_reference_batch_norm_backward_f32(M, N, dy.base, dy.stride, y.base, y.stride, x.base, x.stride,
                                       weight.base, mean.base, inverse.base, act, fixed, first,
                                       second, exact, first_bound, second_bound, bound);
  compare_all(r, &dweight, first, first_bound, "batch norm, scale");
  compare_all(r, &dbias, second, second_bound, "batch norm, shift");
  compare_all(r, &dx, exact, bound, "batch norm, input");
  double *all[] = {exact, bound, first, second, first_bound, second_bound};
  for (int i = 0; i < 6; i++)
    free(all[i]);
  matrix *operands[] = {&x,  &weight,  &bias,    &dy,    &y,       &mean,
                        &dx, &inverse, &dweight, &dbias, &variance};
  for (int i = 0; i < 11; i++) {
    if (i > 3)
      note_bits(r, operands[i]);
    matrix_free(r, operands[i], "batch norm wrote outside its matrix");
  }
}

void check_batch_norm(run *r) {
  const int64_t rows[] = {2, 31, 33, 65};
  for (int m = 0; m < 4; m++)
    for (int n = 1; n < SIZE_COUNT; n++)
      for (int a = 0; a < 6; a++)
        normalize(r, rows[m], sizes[n] < 130 ? sizes[n] : 130, activations[a], (m + n + a) % 2);
}
