// SPDX-License-Identifier: Apache-2.0

#include "ck_reference.h"

#include <math.h>

void ck_reference_dense_forward_sparse_f32(int64_t M, int64_t N, int64_t K, const float *x,
                                           int64_t ldx, const ck_sparse_rows *s, const float *w,
                                           int64_t ldw, const float *b, ck_activation act,
                                           double *y, double *bound) {
  ck_reference_dense_forward_f32(M, N, K, x, ldx, w, ldw, b, (ck_activation){CK_IDENTITY, 0}, y,
                                 bound);
  for (int64_t m = 0; m < M; m++)
    for (int64_t n = 0; n < N; n++) {
      double *sum = y + m * N + n;
      for (int64_t e = m * s->entries; e < (m + 1) * s->entries; e++) {
        double product = (double)s->values[e] * (double)w[n * ldw + K + s->columns[e]];
        *sum += product;
        if (bound)
          bound[m * N + n] += fabs(product);
      }
      *sum = ck_reference_activation(act, *sum);
    }
}

void ck_reference_sparse_backward_weights_f32(int64_t M, int64_t N, int64_t S, const float *dz,
                                              int64_t lddz, const ck_sparse_rows *s, double *dw,
                                              double *bound) {
  for (int64_t i = 0; i < N * S; i++)
    dw[i] = bound[i] = 0;
  for (int64_t m = 0; m < M; m++)
    for (int64_t e = m * s->entries; e < (m + 1) * s->entries; e++)
      for (int64_t n = 0; n < N; n++) {
        double product = (double)dz[m * lddz + n] * (double)s->values[e];
        dw[n * S + s->columns[e]] += product;
        bound[n * S + s->columns[e]] += fabs(product);
      }
}
