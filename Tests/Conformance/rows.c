// SPDX-License-Identifier: Apache-2.0

// Activations and softmax over spans.
#include "run.h"

#include <math.h>

static void activate(run *r, int64_t columns, ck_activation act) {
  matrix z = matrix_make(r, 3, columns, 1), h = matrix_make(r, 3, columns, 0);
  matrix g = matrix_make(r, 3, columns, 2), dz = matrix_make(r, 3, columns, 0);
  require(r,
          ck_activation_forward_f32(r->context, 3, columns, z.base, z.stride, act, h.base,
                                    h.stride) == CK_OK,
          "an activation's status");
  require(r,
          ck_activation_backward_f32(r->context, 3, columns, g.base, g.stride, h.base, h.stride,
                                     act, dz.base, dz.stride) == CK_OK,
          "a derivative's status");
  for (int64_t i = 0; i < 3; i++)
    for (int64_t j = 0; j < columns; j++) {
      double exact = ck_reference_activation(act, z.base[i * z.stride + j]);
      // tanh and exp err by 2 ulp; SELU and sigmoid put three more roundings on top.
      compare(r, h.base[i * h.stride + j], exact, 12 * ROUNDOFF * fabs(exact) + 1e-37, "activation",
              i, j);
      double slope = ck_reference_derivative(act, h.base[i * h.stride + j]);
      double gradient = g.base[i * g.stride + j];
      // 1 - h h cancels: its rounding counts against 1.
      compare(r, dz.base[i * dz.stride + j], slope * gradient, 6 * 1.76 * ROUNDOFF * fabs(gradient),
              "derivative", i, j);
    }
  note_bits(r, &h);
  note_bits(r, &dz);
  matrix *all[] = {&z, &h, &g, &dz};
  for (int i = 0; i < 4; i++)
    matrix_free(r, all[i], "an activation wrote outside its matrix");
}

static void spans(run *r, float temperature, bool gumbel) {
  enum { ROWS = 9, COLUMNS = 167 };
  const ck_span list[] = {{0, 1}, {2, 3}, {5, 16}, {21, 17}, {38, 0}, {40, 127}};
  const ck_random_stream stream = {.seed = 3, .step = 5, .purpose = 7};
  matrix x = matrix_make(r, ROWS, COLUMNS, 1), y = matrix_make(r, ROWS, COLUMNS, 2);
  matrix g = matrix_make(r, ROWS, COLUMNS, 3), dx = matrix_make(r, ROWS, COLUMNS, 4);
  matrix noise = matrix_make(r, ROWS, COLUMNS, 0), before = matrix_make(r, ROWS, COLUMNS, 2);
  require(r,
          ck_random_gumbel_f32(r->context, ROWS, COLUMNS, stream, 11, noise.base, noise.stride) ==
              CK_OK,
          "the noise's status");
  ck_status status = gumbel
                         ? ck_gumbel_softmax_f32(r->context, ROWS, COLUMNS, x.base, x.stride, list,
                                                 6, temperature, stream, 11, y.base, y.stride)
                         : ck_softmax_f32(r->context, ROWS, x.base, x.stride, list, 6, temperature,
                                          y.base, y.stride);
  require(r, status == CK_OK, "softmax's status");
  status = ck_softmax_backward_f32(r->context, ROWS, g.base, g.stride, y.base, y.stride, list, 6,
                                   temperature, dx.base, dx.stride);
  require(r, status == CK_OK, "softmax_backward's status");
  double exact[ROWS * COLUMNS], bound[ROWS * COLUMNS], exact_dx[ROWS * COLUMNS];
  double bound_dx[ROWS * COLUMNS];
  ck_reference_softmax_f32(ROWS, COLUMNS, x.base, x.stride, gumbel ? noise.base : NULL,
                           noise.stride, list, 6, temperature, exact, bound);
  ck_reference_softmax_backward_f32(ROWS, COLUMNS, g.base, g.stride, y.base, y.stride, list, 6,
                                    temperature, exact_dx, bound_dx);
  for (int64_t i = 0; i < ROWS; i++) {
    const float *row = y.base + i * y.stride;
    for (int s = 0; s < 6; s++)
      for (int64_t j = list[s].offset; j < list[s].offset + list[s].width; j++) {
        int64_t at = i * COLUMNS + j;
        compare(r, row[j], exact[at], bound[at], gumbel ? "Gumbel softmax" : "softmax", i, j);
        compare(r, dx.base[i * dx.stride + j], exact_dx[at], bound_dx[at], "softmax_backward", i,
                j);
      }
    const int64_t untouched[] = {1, 38, 39};
    for (int c = 0; c < 3; c++)
      require(r, row[untouched[c]] == before.base[i * before.stride + untouched[c]],
              "softmax wrote a column of no span");
  }
  note_bits(r, &y);
  note_bits(r, &dx);
  matrix *all[] = {&x, &y, &g, &dx, &noise, &before};
  for (int i = 0; i < 6; i++)
    matrix_free(r, all[i], "softmax wrote outside its matrix");
}

void check_rows(run *r) {
  for (int i = 0; i < SIZE_COUNT; i++)
    for (int a = 0; a < 6; a++)
      activate(r, sizes[i], activations[a]);
  const float temperatures[] = {0.2f, 1, 3};
  for (int i = 0; i < 3; i++) {
    spans(r, temperatures[i], false);
    spans(r, temperatures[i], true);
  }
}
