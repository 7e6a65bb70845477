// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>

void ck_reference_dense_forward_f32(int64_t M, int64_t N, int64_t K, const float *x, int64_t ldx,
                                    const float *w, int64_t ldw, const float *b, ck_activation act,
                                    double *y, double *bound) {
  for (int64_t m = 0; m < M; m++)
    for (int64_t n = 0; n < N; n++) {
      double sum = b ? b[n] : 0, absolute = fabs(sum);
      for (int64_t k = 0; k < K; k++) {
        double product = (double)x[m * ldx + k] * (double)w[n * ldw + k];
        sum += product;
        absolute += fabs(product);
      }
      y[m * N + n] = ck_reference_activation(act, sum);
      if (bound)
        bound[m * N + n] = absolute;
    }
}

void ck_reference_dense_tangent_f32(int64_t M, int64_t N, int64_t K, const float *q, int64_t ldq,
                                    const float *w, int64_t ldw, const float *h, int64_t ldh,
                                    ck_activation act, double *q_out, double *bound) {
  ck_reference_dense_forward_f32(M, N, K, q, ldq, w, ldw, NULL, (ck_activation){CK_IDENTITY, 0},
                                 q_out, bound);
  for (int64_t m = 0; m < M; m++)
    for (int64_t n = 0; n < N; n++) {
      double factor = ck_reference_derivative(act, h[m * ldh + n]);
      q_out[m * N + n] *= factor;
      if (bound)
        bound[m * N + n] *= fabs(factor);
    }
}

void ck_reference_dense_backward_data_f32(int64_t M, int64_t N, int64_t K, const float *dz,
                                          int64_t lddz, const float *w, int64_t ldw,
                                          const float *x_out, int64_t ldxo, ck_activation act,
                                          double *dx, double *bound) {
  for (int64_t m = 0; m < M; m++)
    for (int64_t k = 0; k < K; k++) {
      double sum = 0, absolute = 0;
      for (int64_t n = 0; n < N; n++) {
        double product = (double)dz[m * lddz + n] * (double)w[n * ldw + k];
        sum += product;
        absolute += fabs(product);
      }
      double factor = x_out ? ck_reference_derivative(act, x_out[m * ldxo + k]) : 1;
      dx[m * K + k] = sum * factor;
      if (bound)
        bound[m * K + k] = absolute * fabs(factor);
    }
}

void ck_reference_dense_backward_weights_f32(int64_t M, int64_t N, int64_t K, const float *dz,
                                             int64_t lddz, const float *x, int64_t ldx, double *dw,
                                             double *db, double *dw_bound, double *db_bound) {
  for (int64_t n = 0; n < N; n++) {
    for (int64_t k = 0; k < K; k++) {
      double sum = 0, absolute = 0;
      for (int64_t m = 0; m < M; m++) {
        double product = (double)dz[m * lddz + n] * (double)x[m * ldx + k];
        sum += product;
        absolute += fabs(product);
      }
      dw[n * K + k] = sum;
      if (dw_bound)
        dw_bound[n * K + k] = absolute;
    }
    double sum = 0, absolute = 0;
    for (int64_t m = 0; m < M; m++) {
      sum += dz[m * lddz + n];
      absolute += fabs((double)dz[m * lddz + n]);
    }
    if (db)
      db[n] = sum;
    if (db_bound)
      db_bound[n] = absolute;
  }
}
