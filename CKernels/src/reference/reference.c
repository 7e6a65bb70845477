// SPDX-License-Identifier: Apache-2.0

#include "CKernels.h"

#include <math.h>

double ck_reference_activation(ck_activation act, double z) {
  const double scale = 1.0507009873554804934193349852946;
  const double alpha = 1.6732632423543772848170429916717;
  switch (act.kind) {
  case CK_RELU:
    return z < 0 ? 0 : z;
  case CK_LEAKY_RELU:
    return z < 0 ? act.slope * z : z;
  case CK_TANH:
    return tanh(z);
  case CK_SIGMOID:
    return 1 / (1 + exp(-z));
  case CK_SELU:
    return z > 0 ? scale * z : scale * alpha * expm1(z);
  default:
    return z;
  }
}

double ck_reference_derivative(ck_activation act, double h) {
  const double scale = 1.0507009873554804934193349852946;
  const double alpha = 1.6732632423543772848170429916717;
  switch (act.kind) {
  case CK_RELU:
    return h > 0 ? 1 : 0;
  case CK_LEAKY_RELU:
    return h > 0 ? 1 : act.slope;
  case CK_TANH:
    return 1 - h * h;
  case CK_SIGMOID:
    return h * (1 - h);
  case CK_SELU:
    return h > 0 ? scale : h + scale * alpha;
  default:
    return 1;
  }
}

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

void ck_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
    uint32_t next0 = (uint32_t)(b >> 32) ^ c1 ^ k0, next2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c0 = next0;
    c1 = (uint32_t)b;
    c2 = next2;
    c3 = (uint32_t)a;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}
