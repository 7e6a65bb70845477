// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>

/// Half a unit in the last place of a float.
static const double u = 0x1p-24;

void ck_reference_softmax_f32(int64_t M, int64_t columns, const float *x, int64_t ldx,
                              const float *noise, int64_t ldnoise, const ck_span *spans,
                              int64_t span_count, float temperature, double *y, double *bound) {
  double t = temperature;
  for (int64_t m = 0; m < M; m++)
    for (int64_t s = 0; s < span_count; s++) {
      int64_t first = spans[s].offset, end = first + spans[s].width;
      double *p = y + m * columns, *b = bound + m * columns;
      double top = -INFINITY, largest = 0, sum = 0;
      for (int64_t j = first; j < end; j++) {
        p[j] = (double)x[m * ldx + j] + (noise ? (double)noise[m * ldnoise + j] : 0);
        top = fmax(top, p[j]);
        largest = fmax(largest, fabs(p[j]));
      }
      for (int64_t j = first; j < end; j++)
        sum += p[j] = exp((p[j] - top) / t);
      for (int64_t j = first; j < end; j++) {
        p[j] /= sum;
        // The argument of exp, up to twice the largest / t, is rounded four times; exp, the sum and
        // the quotient add a few ulp.
        b[j] = p[j] * u * (8 * largest / t + 12 + (double)spans[s].width / 8) + 1e-37;
      }
    }
}

void ck_reference_softmax_backward_f32(int64_t M, int64_t columns, const float *dy, int64_t lddy,
                                       const float *y, int64_t ldy, const ck_span *spans,
                                       int64_t span_count, float temperature, double *dx,
                                       double *bound) {
  double t = temperature;
  for (int64_t m = 0; m < M; m++)
    for (int64_t s = 0; s < span_count; s++) {
      int64_t first = spans[s].offset, end = first + spans[s].width;
      double mean = 0, size = 0;
      for (int64_t j = first; j < end; j++) {
        double product = (double)dy[m * lddy + j] * (double)y[m * ldy + j];
        mean += product;
        size += fabs(product);
      }
      for (int64_t j = first; j < end; j++) {
        double value = y[m * ldy + j], gradient = dy[m * lddy + j];
        dx[m * columns + j] = value * (gradient - mean) / t;
        bound[m * columns + j] =
            value * (fabs(gradient) + size) / t * u * (8 + (double)spans[s].width / 8) + 1e-37;
      }
    }
}
