// SPDX-License-Identifier: Apache-2.0

// Products of 16-bit operands, each format and way a context can go, against the f32 reference on
// the rounded operands; and the chains of float16, whose bits are the same on every machine.
#include "run.h"

#include <math.h>
#include <stdlib.h>

/// A format and a way of multiplying it.
typedef struct execution {
  ck_half_format format;
  ck_half_path path;
  int64_t chain;
  /// Of the operands: small ones make sums among the subnormal halves.
  float scale;
} execution;

static bool is_chained(execution w) { return w.format == CK_F16 && w.path != CK_HALF_WIDENED; }

/// What a sum of `depth` terms errs by at most.
static double sum_bound(execution w, int64_t depth, double magnitude) {
  if (!is_chained(w))
    return (double)(depth + 4) * ROUNDOFF * magnitude + 1e-37;
  double length = (double)w.chain, terms = (double)depth;
  return length / (2048 - length) * magnitude + terms * 0x1p-25 +
         (terms / (2 * length) + terms / 128 + 8) * ROUNDOFF * magnitude;
}

/// What rounding to 16 bits errs by at most.
static double rounding_bound(execution w, double value) {
  return w.format == CK_BF16 ? 0x1p-8 * fabs(value) : 0x1p-11 * fabs(value) + 0x1p-25;
}

/// The matrix rounded, densely; the matrix itself is left with the rounded values.
static matrix half(const run *r, execution w, matrix *m) {
  matrix n = codes_make(r, m->rows * m->columns);
  for (int64_t i = 0; i < m->rows; i++)
    for (int64_t j = 0; j < m->columns; j++) {
      ck_half code = ck_reference_round(w.format, w.scale * m->base[i * m->stride + j]);
      codes(&n)[i * m->columns + j] = code;
      m->base[i * m->stride + j] = (float)ck_reference_widen(w.format, code);
    }
  return n;
}

static void products(run *r, execution execution, int64_t M, int64_t N, int64_t K,
                     ck_activation act, bool wide) {
  matrix x = matrix_make(r, M, K, 1), w = matrix_make(r, N, K, 2), b = matrix_make(r, 1, N, 3);
  matrix xn = half(r, execution, &x), wn = half(r, execution, &w), yn = codes_make(r, M * N);
  matrix y = matrix_make(r, M, N, 0);
  double *exact = calloc((size_t)(M * N + 1), sizeof(double));
  double *magnitude = calloc((size_t)(M * N + 1), sizeof(double));
  ck_packed_half_weights *packed = NULL;
  require(r, ck_packed_half_weights_create(r->context, execution.format, N, K, &packed) == CK_OK,
          "16-bit weights");
  require(r, ck_packed_half_weights_update(r->context, packed, w.base, w.stride) == CK_OK,
          "16-bit packing");
  ck_result to = {
      .f32 = wide ? y.base : NULL, .half = wide ? NULL : codes(&yn), .ld = wide ? y.stride : N};
  ck_status status = ck_dense_forward_half(r->context, M, packed, codes(&xn), K, b.base, act, to);
  require(r, status == CK_OK, "16-bit forward's status");
  ck_reference_dense_forward_f32(M, N, K, x.base, x.stride, w.base, w.stride, b.base, act, exact,
                                 magnitude);
  for (int64_t i = 0; i < M; i++)
    for (int64_t j = 0; j < N; j++) {
      double e = exact[i * N + j];
      double bound = 1.76 * sum_bound(execution, K, magnitude[i * N + j]) + 8 * ROUNDOFF * fabs(e);
      if (!wide)
        bound = 1.01 * bound + rounding_bound(execution, e);
      double half = ck_reference_widen(execution.format, codes(&yn)[i * N + j]);
      float value = wide ? y.base[i * y.stride + j] : (float)half;
      compare(r, value, e, bound, wide ? "16-bit forward" : "16-bit forward, rounded", i, j);
    }
  if (is_chained(execution)) {
    if (wide)
      note_bits(r, &y);
    for (int64_t i = 0; !wide && i < M * N; i++)
      note_code(r, codes(&yn)[i]);
  }
  ck_packed_half_weights_destroy(packed);
  free(exact);
  free(magnitude);
  matrix *all[] = {&x, &w, &b, &xn, &wn, &yn, &y};
  for (int i = 0; i < 7; i++)
    matrix_free(r, all[i], "a 16-bit product wrote outside its matrix");
}

static void gradients(run *r, execution execution, int64_t M, int64_t N, int64_t K) {
  const ck_activation none = {CK_IDENTITY, 0};
  matrix x = matrix_make(r, M, K, 1), dz = matrix_make(r, M, N, 2), w = matrix_make(r, N, K, 3);
  matrix xn = half(r, execution, &x), dzn = half(r, execution, &dz), wn = half(r, execution, &w);
  matrix dw = matrix_make(r, N, K, 0), db = matrix_make(r, 1, N, 0), dx = matrix_make(r, M, K, 0);
  int64_t maximum = (N > M ? N : M) * K + N + 1;
  double *exact = calloc((size_t)maximum, sizeof(double)),
         *sums = calloc((size_t)maximum, sizeof(double));
  double *magnitude = calloc((size_t)maximum, sizeof(double));
  double *sums_magnitude = calloc((size_t)maximum, sizeof(double));
  ck_status status =
      ck_dense_backward_weights_half(r->context, execution.format, M, N, K, codes(&dzn), N,
                                     codes(&xn), K, dw.base, dw.stride, db.base, false);
  require(r, status == CK_OK, "16-bit backward_weights' status");
  ck_reference_dense_backward_weights_f32(M, N, K, dz.base, dz.stride, x.base, x.stride, exact,
                                          sums, magnitude, sums_magnitude);
  for (int64_t n = 0; n < N; n++) {
    for (int64_t k = 0; k < K; k++)
      compare(r, dw.base[n * dw.stride + k], exact[n * K + k],
              sum_bound(execution, M, magnitude[n * K + k]), "16-bit backward_weights", n, k);
    compare(r, db.base[n], sums[n], (double)(M + 4) * ROUNDOFF * sums_magnitude[n] + 1e-37,
            "16-bit bias gradient", 0, n);
  }
  ck_packed_half_weights *packed = NULL;
  require(r, ck_packed_half_weights_create(r->context, execution.format, N, K, &packed) == CK_OK,
          "16-bit weights");
  ck_packed_half_weights_update(r->context, packed, w.base, w.stride);
  ck_result to = {.f32 = dx.base, .ld = dx.stride};
  status = ck_dense_backward_data_half(r->context, M, packed, codes(&dzn), N, NULL, 0, none, to);
  require(r, status == CK_OK, "16-bit backward_data's status");
  ck_reference_dense_backward_data_f32(M, N, K, dz.base, dz.stride, w.base, w.stride, NULL, 0, none,
                                       exact, magnitude);
  for (int64_t i = 0; i < M; i++)
    for (int64_t k = 0; k < K; k++)
      compare(r, dx.base[i * dx.stride + k], exact[i * K + k],
              sum_bound(execution, N, magnitude[i * K + k]), "16-bit backward_data", i, k);
  if (is_chained(execution)) {
    note_bits(r, &dw);
    note_bits(r, &dx);
  }
  ck_packed_half_weights_destroy(packed);
  double *numbers[] = {exact, sums, magnitude, sums_magnitude};
  for (int i = 0; i < 4; i++)
    free(numbers[i]);
  matrix *all[] = {&x, &dz, &w, &xn, &dzn, &wn, &dw, &db, &dx};
  for (int i = 0; i < 9; i++)
    matrix_free(r, all[i], "a 16-bit gradient wrote outside its matrix");
}

/// Both kinds of products at ragged shapes.
static void sweep(run *r, execution w) {
  for (int i = 0; i < SIZE_COUNT; i++)
    for (int j = 0; j < SIZE_COUNT; j += 2) {
      int64_t M = sizes[i], N = sizes[j], K = sizes[(3 * i + 5 * j + 1) % SIZE_COUNT];
      w.scale = 1;
      if (is_chained(w)) {
        const int64_t chains[] = {CK_F16_CHAIN, 1, 5, 64};
        w.scale = (i + j) % 3 == 0 ? 0x1p-9f : 1;
        w.chain = chains[(i + j / 2) % 4];
        require(r, ck_context_set_f16_chain(r->context, w.chain) == CK_OK, "the chain's length");
      }
      products(r, w, M, N, K, activations[(i + j) % 6], (i + j) % 2 == 0);
      gradients(r, w, M, N, K);
    }
}

static bool takes(run *r, execution w) {
  return ck_context_set_half_path(r->context, w.format, w.path) == CK_OK;
}

void check_dense_half(run *r) {
  const execution ways[] = {
      {.format = CK_BF16, .path = CK_HALF_WIDENED},
      {.format = CK_BF16, .path = CK_HALF_DIRECT},
      {.format = CK_F16, .path = CK_HALF_WIDENED},
  };
  for (int i = 0; i < 3; i++)
    if (takes(r, ways[i]))
      sweep(r, ways[i]);
}

/// By the machine's instructions where it has them, and with the same bits by the emulation.
void check_half_chains(run *r) {
  execution emulated = {.format = CK_F16, .path = CK_HALF_EMULATED};
  execution direct = {.format = CK_F16, .path = CK_HALF_DIRECT};
  require(r, takes(r, emulated), "the emulation of float16 is everywhere");
  uint64_t before = r->checksum;
  sweep(r, emulated);
  if (!takes(r, direct))
    return;
  uint64_t bits = r->checksum;
  r->checksum = before;
  sweep(r, direct);
  require(r, r->checksum == bits, "float16 has other bits than its emulation");
}
