// Products of bfloat16, each way a context can go, against the f32 reference on the rounded
// operands: sums in single precision, and one rounding to 8 bits where the result is narrow.
#include "run.h"

#include <math.h>
#include <stdlib.h>

static uint16_t rounded(float value) {
  union {
    float value;
    uint32_t bits;
  } u = {.value = value};
  return (uint16_t)((u.bits + 0x7fff + (u.bits >> 16 & 1)) >> 16);
}

static float widened(uint16_t code) {
  union {
    uint32_t bits;
    float value;
  } u = {.bits = (uint32_t)code << 16};
  return u.value;
}

/// The matrix rounded, densely; the matrix itself is left with the rounded values.
static matrix narrow(const run *r, matrix *m) {
  matrix n = codes_make(r, m->rows * m->columns);
  for (int64_t i = 0; i < m->rows; i++)
    for (int64_t j = 0; j < m->columns; j++) {
      uint16_t code = rounded(m->base[i * m->stride + j]);
      codes(&n)[i * m->columns + j] = code;
      m->base[i * m->stride + j] = widened(code);
    }
  return n;
}

static void products(run *r, int64_t M, int64_t N, int64_t K, ck_activation act, bool wide) {
  matrix x = matrix_make(r, M, K, 1), w = matrix_make(r, N, K, 2), b = matrix_make(r, 1, N, 3);
  matrix xn = narrow(r, &x), wn = narrow(r, &w), yn = codes_make(r, M * N);
  matrix y = matrix_make(r, M, N, 0);
  double *exact = calloc((size_t)(M * N + 1), sizeof(double));
  double *magnitude = calloc((size_t)(M * N + 1), sizeof(double));
  ck_packed_weights_bf16 *packed = NULL;
  require(r, ck_packed_weights_bf16_create(r->context, N, K, &packed) == CK_OK, "bf16 weights");
  require(r, ck_packed_weights_bf16_update(r->context, packed, w.base, w.stride) == CK_OK,
          "bf16 packing");
  ck_result to = {
      .f32 = wide ? y.base : NULL, .bf16 = wide ? NULL : codes(&yn), .ld = wide ? y.stride : N};
  ck_status status = ck_dense_forward_bf16(r->context, M, packed, codes(&xn), K, b.base, act, to);
  require(r, status == CK_OK, "bf16 forward's status");
  ck_reference_dense_forward_f32(M, N, K, x.base, x.stride, w.base, w.stride, b.base, act, exact,
                                 magnitude);
  for (int64_t i = 0; i < M; i++)
    for (int64_t j = 0; j < N; j++) {
      double e = exact[i * N + j];
      double bound = (double)(K + 4) * ROUNDOFF * magnitude[i * N + j] * 1.76 +
                     8 * ROUNDOFF * fabs(e) + 1e-37 + (wide ? 0 : 0x1p-8 * fabs(e));
      float value = wide ? y.base[i * y.stride + j] : widened(codes(&yn)[i * N + j]);
      compare(r, value, e, bound, wide ? "bf16 forward" : "bf16 forward, narrow", i, j);
    }
  ck_packed_weights_bf16_destroy(packed);
  free(exact);
  free(magnitude);
  matrix *all[] = {&x, &w, &b, &xn, &wn, &yn, &y};
  for (int i = 0; i < 7; i++)
    matrix_free(r, all[i], "a bf16 product wrote outside its matrix");
}

static void gradients(run *r, int64_t M, int64_t N, int64_t K) {
  const ck_activation none = {CK_IDENTITY, 0};
  matrix x = matrix_make(r, M, K, 1), dz = matrix_make(r, M, N, 2), w = matrix_make(r, N, K, 3);
  matrix xn = narrow(r, &x), dzn = narrow(r, &dz), wn = narrow(r, &w);
  matrix dw = matrix_make(r, N, K, 0), db = matrix_make(r, 1, N, 0), dx = matrix_make(r, M, K, 0);
  int64_t most = (N > M ? N : M) * K + N + 1;
  double *exact = calloc((size_t)most, sizeof(double)),
         *sums = calloc((size_t)most, sizeof(double));
  double *magnitude = calloc((size_t)most, sizeof(double));
  double *sums_magnitude = calloc((size_t)most, sizeof(double));
  ck_status status = ck_dense_backward_weights_bf16(r->context, M, N, K, codes(&dzn), N, codes(&xn),
                                                    K, dw.base, dw.stride, db.base, false);
  require(r, status == CK_OK, "bf16 backward_weights' status");
  ck_reference_dense_backward_weights_f32(M, N, K, dz.base, dz.stride, x.base, x.stride, exact,
                                          sums, magnitude, sums_magnitude);
  for (int64_t n = 0; n < N; n++) {
    for (int64_t k = 0; k < K; k++)
      compare(r, dw.base[n * dw.stride + k], exact[n * K + k],
              (double)(M + 4) * ROUNDOFF * magnitude[n * K + k] + 1e-37, "bf16 backward_weights", n,
              k);
    compare(r, db.base[n], sums[n], (double)(M + 4) * ROUNDOFF * sums_magnitude[n] + 1e-37,
            "bf16 bias gradient", 0, n);
  }
  ck_packed_weights_bf16 *packed = NULL;
  require(r, ck_packed_weights_bf16_create(r->context, N, K, &packed) == CK_OK, "bf16 weights");
  ck_packed_weights_bf16_update(r->context, packed, w.base, w.stride);
  ck_result to = {.f32 = dx.base, .ld = dx.stride};
  status = ck_dense_backward_data_bf16(r->context, M, packed, codes(&dzn), N, NULL, 0, none, to);
  require(r, status == CK_OK, "bf16 backward_data's status");
  ck_reference_dense_backward_data_f32(M, N, K, dz.base, dz.stride, w.base, w.stride, NULL, 0, none,
                                       exact, magnitude);
  for (int64_t i = 0; i < M; i++)
    for (int64_t k = 0; k < K; k++)
      compare(r, dx.base[i * dx.stride + k], exact[i * K + k],
              (double)(N + 4) * ROUNDOFF * magnitude[i * K + k] + 1e-37, "bf16 backward_data", i,
              k);
  ck_packed_weights_bf16_destroy(packed);
  double *numbers[] = {exact, sums, magnitude, sums_magnitude};
  for (int i = 0; i < 4; i++)
    free(numbers[i]);
  matrix *all[] = {&x, &dz, &w, &xn, &dzn, &wn, &dw, &db, &dx};
  for (int i = 0; i < 9; i++)
    matrix_free(r, all[i], "a bf16 gradient wrote outside its matrix");
}

void check_dense_bf16(run *r) {
  for (int path = CK_BF16_WIDENED; path <= CK_BF16_DOT; path++) {
    if (ck_context_set_bf16_path(r->context, (ck_bf16_path)path) != CK_OK)
      continue;
    for (int i = 0; i < SIZE_COUNT; i++)
      for (int j = 0; j < SIZE_COUNT; j += 2) {
        int64_t M = sizes[i], N = sizes[j], K = sizes[(3 * i + 5 * j + 1) % SIZE_COUNT];
        products(r, M, N, K, activations[(i + j) % 6], (i + j) % 2 == 0);
        gradients(r, M, N, K);
      }
  }
}
