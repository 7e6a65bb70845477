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

/// y = softmax((x + noise) / t) in double precision; the largest |x + noise| tells how inexact the
/// arguments of exp may be.
static double softmax(const float *x, const float *noise, int64_t n, double t, double *y) {
  double top = -INFINITY, sum = 0, largest = 0;
  for (int64_t i = 0; i < n; i++) {
    y[i] = (double)x[i] + (noise ? (double)noise[i] : 0);
    top = fmax(top, y[i]);
    largest = fmax(largest, fabs(y[i]));
  }
  for (int64_t i = 0; i < n; i++)
    sum += y[i] = exp((y[i] - top) / t);
  for (int64_t i = 0; i < n; i++)
    y[i] /= sum;
  return largest;
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
  double t = temperature;
  for (int64_t i = 0; i < ROWS; i++) {
    const float *row = y.base + i * y.stride, *dy = g.base + i * g.stride;
    for (int s = 0; s < 6; s++) {
      int64_t first = list[s].offset, n = list[s].width;
      double exact[COLUMNS], mean = 0, size = 0;
      double largest = softmax(x.base + i * x.stride + first,
                               gumbel ? noise.base + i * noise.stride + first : NULL, n, t, exact);
      for (int64_t j = first; j < first + n; j++) {
        mean += (double)dy[j] * (double)row[j];
        size += fabs((double)dy[j]) * (double)row[j];
      }
      for (int64_t j = 0; j < n; j++) {
        // The argument of exp, up to twice the largest / t, is rounded four times; exp, the sum and
        // the quotient add a few ulp.
        double e = exact[j], terms = (double)n / 8;
        compare(r, row[first + j], e, e * ROUNDOFF * (8 * largest / t + 12 + terms) + 1e-37,
                gumbel ? "Gumbel softmax" : "softmax", i, first + j);
        double value = row[first + j], gradient = dy[first + j];
        compare(r, dx.base[i * dx.stride + first + j], value * (gradient - mean) / t,
                value * (fabs(gradient) + size) / t * ROUNDOFF * (8 + terms) + 1e-37,
                "softmax_backward", i, first + j);
      }
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
