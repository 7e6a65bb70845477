// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>

/// Half a unit in the last place of a float.
static const double u = 0x1p-24;
/// A sum of single precision over 32 terms, and what its terms err by before.
static const double sums = 40;

void ck_reference_batch_norm_forward_f32(int64_t M, int64_t N, const float *x, int64_t ldx,
                                         const float *weight, const float *bias, float epsilon,
                                         ck_activation act, double *mean, double *variance,
                                         double *y, double *bound) {
  for (int64_t n = 0; n < N; n++) {
    double sum = 0, size = 0, squares = 0;
    for (int64_t m = 0; m < M; m++) {
      sum += x[m * ldx + n];
      size += fabs((double)x[m * ldx + n]);
    }
    mean[n] = sum / (double)M;
    size /= (double)M;
    for (int64_t m = 0; m < M; m++)
      squares += (x[m * ldx + n] - mean[n]) * (x[m * ldx + n] - mean[n]);
    double biased = squares / (double)M;
    variance[n] = squares / (double)(M - 1);
    double scale = weight[n] / sqrt(biased + epsilon);
    // The mean errs in proportion to the numbers, the root by half of what the variance errs by.
    double of_mean = sums * u * size;
    double of_root = sums * u + of_mean * of_mean / (biased + epsilon);
    for (int64_t m = 0; m < M; m++) {
      double z = (x[m * ldx + n] - mean[n]) * scale;
      double value = ck_reference_activation(act, z + bias[n]);
      y[m * N + n] = value;
      // No activation is steeper than SELU; curved ones err by some ulp of their own.
      bound[m * N + n] = 1.76 * (fabs(scale) * of_mean + fabs(z) * (of_root + 8 * u) +
                                 2 * u * fabs((double)bias[n])) +
                         12 * u * fabs(value) + 1e-37;
    }
  }
}

void ck_reference_batch_norm_backward_f32(int64_t M, int64_t N, const float *dy, int64_t lddy,
                                          const float *y, int64_t ldy, const float *x, int64_t ldx,
                                          const float *weight, const float *mean,
                                          const float *inverse_deviation, ck_activation act,
                                          bool fixed, double *dweight, double *dbias, double *dx,
                                          double *dweight_bound, double *dbias_bound,
                                          double *dx_bound) {
  for (int64_t n = 0; n < N; n++) {
    double first = 0, second = 0, first_size = 0, second_size = 0;
    double inverse = inverse_deviation[n], scale = weight[n] * inverse;
    for (int64_t m = 0; m < M; m++) {
      double g = dy[m * lddy + n];
      double dz = g * ck_reference_derivative(act, y[m * ldy + n]);
      double normalized = (x[m * ldx + n] - (double)mean[n]) * inverse;
      first += dz;
      second += dz * normalized;
      // 1 - h h cancels: its rounding counts against the gradient itself.
      first_size += 1.76 * fabs(g);
      second_size += 1.76 * fabs(g * normalized);
    }
    dbias[n] = first;
    dbias_bound[n] = sums * u * first_size;
    dweight[n] = second;
    dweight_bound[n] = sums * u * second_size;
    double count = fixed ? INFINITY : (double)M;
    for (int64_t m = 0; m < M; m++) {
      double g = dy[m * lddy + n];
      double dz = g * ck_reference_derivative(act, y[m * ldy + n]);
      double normalized = (x[m * ldx + n] - (double)mean[n]) * inverse;
      dx[m * N + n] = scale * (dz - first / count - normalized * (second / count));
      dx_bound[m * N + n] =
          fabs(scale) * u *
              (14 * fabs(g) + (sums + 8) * (first_size + fabs(normalized) * second_size) / count) +
          1e-37;
    }
  }
}
