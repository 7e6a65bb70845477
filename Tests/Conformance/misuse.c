// SPDX-License-Identifier: Apache-2.0

// Invalid calls: sizes of 0, below 0 and near the largest integers, NULL for any pointer, leading
// dimensions that are too small, unknown activations. Every call must return a status and must not
// touch other memory. Sanitizers detect overflows and NULL plus an offset.
#include "run.h"

#include <stdlib.h>
#include <string.h>

/// Memory of exactly the size that a call may touch, so that the sanitizer detects overruns.
enum { max_blocks = 12 };

typedef struct misuse {
  run *r;
  uint64_t state;
  void *blocks[max_blocks];
  int block_count;
} misuse;

static uint64_t draw(misuse *m, uint64_t below) {
  m->state = m->state * 6364136223846793005u + 1442695040888963407u;
  return (m->state >> 33) % below;
}

/// Mostly small sizes; some are 0 and some negative.
static int64_t size(misuse *m) {
  uint64_t kind = draw(m, 32);
  return kind == 0 ? -1 - (int64_t)draw(m, 3) : kind < 5 ? 0 : 1 + (int64_t)draw(m, 40);
}

/// Sizes at which unchecked arithmetic overflows, and some smaller ones that are allowed.
static int64_t absurd_size(misuse *m) {
  static const int64_t maximum[] = {INT64_MAX, INT64_MIN, (int64_t)1 << 31, (int64_t)1 << 32,
                                    (int64_t)1 << 48};
  uint64_t kind = draw(m, 4);
  if (kind == 0)
    return maximum[draw(m, sizeof maximum / sizeof *maximum)];
  if (kind == 1)
    return INT64_MAX / (int64_t)(1 + draw(m, 64)) - (int64_t)draw(m, 40);
  return kind == 2 ? (int64_t)1 << (40 + draw(m, 23)) : (int64_t)draw(m, 3);
}

static int64_t leading(misuse *m, int64_t columns) {
  uint64_t kind = draw(m, 16);
  return kind == 0 ? columns - 1 : kind < 5 ? columns : columns + (int64_t)draw(m, 20);
}

/// Memory for a matrix of values of `bytes` each, filled; sometimes NULL.
static void *operand(misuse *m, int64_t rows, int64_t columns, int64_t ld, size_t bytes) {
  if (draw(m, 40) == 0 || rows <= 0 || columns <= 0)
    return NULL;
  if (ld < columns)
    ld = columns;
  size_t length = (size_t)((rows - 1) * ld + columns) * bytes;
  unsigned char *block = malloc(length);
  for (size_t i = 0; block != NULL && i < length; i++)
    block[i] = (unsigned char)draw(m, 64);
  m->blocks[m->block_count++] = block;
  return block;
}

static float *floats(misuse *m, int64_t rows, int64_t columns, int64_t ld) {
  return operand(m, rows, columns, ld, sizeof(float));
}

static ck_half *halves(misuse *m, int64_t rows, int64_t columns, int64_t ld) {
  return operand(m, rows, columns, ld, sizeof(ck_half));
}

static void release(misuse *m) {
  while (m->block_count > 0)
    free(m->blocks[--m->block_count]);
}

static ck_activation activation(misuse *m) {
  ck_activation act = {(ck_activation_kind)draw(m, 7), 0.2f};
  if (draw(m, 20) == 0)
    act.slope = -1;
  return act;
}

static void expect(misuse *m, ck_status status, const char *name) {
  require(m->r, status >= CK_OK && status <= CK_ERROR_OVERLAP, name);
}

static void misuse_dense(misuse *m) {
  ck_context *ctx = m->r->context;
  int64_t M = size(m), N = size(m), K = size(m);
  int64_t ldx = leading(m, K), ldw = leading(m, K), ldy = leading(m, N), lddx = leading(m, K);
  ck_activation act = activation(m);
  float *x = floats(m, M, K, ldx), *w = floats(m, N, K, ldw), *y = floats(m, M, N, ldy);
  float *dx = floats(m, M, K, lddx), *b = draw(m, 2) ? floats(m, 1, N, N) : NULL;
  expect(m, ck_dense_forward_f32(ctx, M, N, K, x, ldx, w, ldw, b, act, y, ldy), "forward");
  expect(m, ck_dense_tangent_f32(ctx, M, N, K, x, ldx, w, ldw, y, ldy, act, y, ldy), "tangent");
  expect(m,
         ck_dense_backward_data_f32(ctx, M, N, K, y, ldy, w, ldw, draw(m, 2) ? x : NULL, ldx, act,
                                    dx, lddx),
         "backward_data");
  expect(m, ck_dense_backward_weights_f32(ctx, M, N, K, y, ldy, x, ldx, w, ldw, b, draw(m, 2)),
         "backward_weights");
  ck_packed_weights *packed = NULL;
  ck_status status = ck_packed_weights_create(ctx, N, K, &packed);
  expect(m, status, "packed create");
  if (status == CK_OK) {
    expect(m, ck_packed_weights_update(ctx, packed, w, ldw), "packed update");
    expect(m, ck_dense_forward_packed_f32(ctx, M, packed, x, ldx, b, act, y, ldy),
           "packed forward");
    expect(m, ck_dense_backward_data_packed_f32(ctx, M, packed, y, ldy, NULL, 0, act, dx, lddx),
           "packed backward_data");
    ck_adam adam = {1e-3f, 0.9f, 0.999f, 1e-8f, 0, (int64_t)draw(m, 3)};
    float *gradient = floats(m, N, K, K), *value = floats(m, N, K, K);
    float *means = floats(m, N, K, K), *squares = floats(m, N, K, K);
    expect(m, ck_adam_step_packed_f32(ctx, packed, &adam, gradient, means, squares, value, K),
           "packed adam");
    ck_packed_weights_destroy(packed);
  }
}

static void misuse_half(misuse *m) {
  ck_context *ctx = m->r->context;
  ck_half_format format = (ck_half_format)draw(m, 3);
  int64_t M = size(m), N = size(m), K = size(m);
  int64_t ldx = leading(m, K), ldw = leading(m, K), ldy = leading(m, N), lddx = leading(m, K);
  ck_activation act = activation(m);
  ck_half *x = halves(m, M, K, ldx), *dz = halves(m, M, N, ldy);
  float *w = floats(m, N, K, ldw), *y = floats(m, M, N, ldy), *dx = floats(m, M, K, lddx);
  expect(m,
         ck_dense_backward_weights_half(ctx, format, M, N, K, dz, ldy, x, ldx, w, ldw, NULL,
                                        draw(m, 2)),
         "16-bit backward_weights");
  ck_packed_half_weights *packed = NULL;
  ck_status status = ck_packed_half_weights_create(ctx, format, N, K, &packed);
  expect(m, status, "16-bit create");
  if (status == CK_OK) {
    ck_result to_y = {y, NULL, ldy}, to_dx = {dx, NULL, lddx};
    expect(m, ck_packed_half_weights_update(ctx, packed, w, ldw), "16-bit update");
    expect(m, ck_dense_forward_half(ctx, M, packed, x, ldx, NULL, act, to_y), "16-bit forward");
    expect(m, ck_dense_tangent_half(ctx, M, packed, x, ldx, dz, ldy, act, to_y), "16-bit tangent");
    expect(m, ck_dense_backward_data_half(ctx, M, packed, dz, ldy, NULL, 0, act, to_dx),
           "16-bit backward_data");
    ck_packed_half_weights_destroy(packed);
  }
  expect(m, ck_convert_rows_f32_to_half(ctx, format, M, N, y, ldy, dz, ldy), "convert rows");
}

/// Whether a span ends behind the columns that there is memory for, but inside the leading
/// dimension: calls rely on the last row's gap then, too.
static bool ends_in_gap(ck_span span, int64_t columns, int64_t ld) {
  return span.offset >= 0 && span.width >= 0 && span.offset <= ld && span.width <= ld &&
         span.offset + span.width <= ld && span.offset + span.width > columns;
}

static void misuse_rows(misuse *m) {
  ck_context *ctx = m->r->context;
  int64_t M = size(m), N = size(m), ldx = leading(m, N), ldy = leading(m, N);
  ck_activation act = activation(m);
  ck_random_stream stream = {draw(m, 9), draw(m, 9), 7};
  float *x = floats(m, M, N, ldx), *y = floats(m, M, N, ldy);
  expect(m, ck_activation_forward_f32(ctx, M, N, x, ldx, act, y, ldy), "activation");
  expect(m, ck_activation_backward_f32(ctx, M, N, x, ldx, y, ldy, act, x, ldx), "its derivative");
  ck_span spans[3];
  int64_t count = (int64_t)draw(m, 4), offset = 0;
  for (int64_t i = 0; i < count; i++) {
    spans[i] = (ck_span){offset, (N - offset) / 2};
    if (draw(m, 30) == 0)
      spans[i] = (ck_span){absurd_size(m), absurd_size(m)};
    if (ends_in_gap(spans[i], N, ldx < ldy ? ldx : ldy))
      spans[i].offset = -1;
    offset += spans[i].width > 0 && spans[i].width < N - offset ? spans[i].width : 0;
  }
  expect(m, ck_softmax_f32(ctx, M, x, ldx, spans, count, 0.5f, y, ldy), "softmax");
  expect(m,
         ck_gumbel_softmax_f32(ctx, M, N, x, ldx, spans, count, 0.5f, stream, ~(uint64_t)0, y, ldy),
         "gumbel softmax");
  expect(m, ck_softmax_backward_f32(ctx, M, x, ldx, y, ldy, spans, count, 0.5f, x, ldx),
         "softmax backward");
  expect(m, ck_random_normal_f32(ctx, M, N, 0, 1, stream, ~(uint64_t)0 - 3, y, ldy), "normal");
  float *vectors[5];
  for (int i = 0; i < 5; i++)
    vectors[i] = floats(m, 1, N, N);
  expect(m,
         ck_batch_norm_forward_f32(ctx, M, N, x, ldx, vectors[0], vectors[1], 1e-5f, act,
                                   vectors[2], vectors[3], vectors[4], y, ldy),
         "batch norm");
  expect(m,
         ck_batch_norm_backward_f32(ctx, M, N, x, ldx, y, ldy, x, ldx, vectors[0], vectors[2],
                                    vectors[4], act, draw(m, 2), vectors[1], vectors[3], NULL, 0),
         "batch norm backward");
}

static void misuse_sparse(misuse *m) {
  ck_context *ctx = m->r->context;
  int64_t M = size(m), N = size(m), K = size(m), S = size(m), entries = size(m) / 8;
  int64_t ldx = leading(m, K), ldy = leading(m, N), ldw = leading(m, S);
  ck_sparse_rows s = {entries, operand(m, M, entries, entries, sizeof(int32_t)),
                      floats(m, M, entries, entries)};
  for (int64_t i = 0; s.columns != NULL && i < M * entries; i++) {
    int32_t column = S > 0 ? (int32_t)draw(m, (uint64_t)S) : 0;
    if (draw(m, 500) == 0)
      column = (int32_t)absurd_size(m);
    memcpy((int32_t *)(uintptr_t)s.columns + i, &column, sizeof column);
  }
  float *x = floats(m, M, K, ldx), *y = floats(m, M, N, ldy), *dw = floats(m, N, S, ldw);
  expect(m, ck_sparse_backward_weights_f32(ctx, M, N, S, y, ldy, &s, dw, ldw, draw(m, 2)),
         "sparse backward_weights");
  ck_packed_weights *packed = NULL;
  if (K >= 0 && S >= 0 && ck_packed_weights_create(ctx, N, K + S, &packed) == CK_OK) {
    ck_activation act = activation(m);
    int64_t dense = draw(m, 20) == 0 ? absurd_size(m) : K;
    expect(m,
           ck_dense_forward_sparse_packed_f32(ctx, M, packed, dense, x, ldx, &s, NULL, act, y, ldy),
           "sparse forward");
    ck_packed_weights_destroy(packed);
  }
}

/// Calls with sizes larger than any memory: rejected, or there is nothing to do. All pointers are
/// NULL, so any access is detected.
static void misuse_sizes(misuse *m) {
  ck_context *ctx = m->r->context;
  int64_t M = absurd_size(m), N = absurd_size(m), K = absurd_size(m);
  int64_t ldx = draw(m, 2) ? K : absurd_size(m), ldy = draw(m, 2) ? N : absurd_size(m);
  ck_activation act = activation(m);
  ck_random_stream stream = {1, 2, 3};
  ck_span spans[2] = {{absurd_size(m), absurd_size(m)}, {0, 4}};
  ck_adam adam = {1e-3f, 0.9f, 0.999f, 1e-8f, 0, 1};
  ck_sparse_rows s = {absurd_size(m), NULL, NULL};
  ck_result none = {NULL, NULL, ldy};
  expect(m, ck_dense_forward_f32(ctx, M, N, K, NULL, ldx, NULL, ldx, NULL, act, NULL, ldy), "1");
  expect(m, ck_dense_tangent_f32(ctx, M, N, K, NULL, ldx, NULL, ldx, NULL, ldy, act, NULL, ldy),
         "2");
  expect(m,
         ck_dense_backward_data_f32(ctx, M, N, K, NULL, ldy, NULL, ldx, NULL, ldx, act, NULL, ldx),
         "3");
  expect(m,
         ck_dense_backward_weights_f32(ctx, M, N, K, NULL, ldy, NULL, ldx, NULL, ldx, NULL,
                                       draw(m, 2)),
         "4");
  expect(m,
         ck_dense_backward_weights_half(ctx, CK_BF16, M, N, K, NULL, ldy, NULL, ldx, NULL, ldx,
                                        NULL, draw(m, 2)),
         "5");
  expect(m, ck_activation_forward_f32(ctx, M, N, NULL, ldy, act, NULL, ldy), "6");
  expect(m, ck_activation_backward_f32(ctx, M, N, NULL, ldy, NULL, ldy, act, NULL, ldy), "7");
  expect(m, ck_softmax_f32(ctx, M, NULL, ldx, spans, 2, 1, NULL, ldy), "8");
  expect(m,
         ck_gumbel_softmax_f32(ctx, M, N, NULL, ldx, spans, 2, 1, stream, ~(uint64_t)0, NULL, ldy),
         "9");
  expect(m, ck_softmax_backward_f32(ctx, M, NULL, ldx, NULL, ldy, spans, 1, 1, NULL, ldy), "10");
  expect(m, ck_exp_f32(ctx, M, NULL, NULL), "11");
  expect(m, ck_adam_step_f32(ctx, M, &adam, NULL, NULL, NULL, NULL), "12");
  expect(m, ck_random_gumbel_f32(ctx, M, N, stream, ~(uint64_t)0, NULL, ldy), "13");
  expect(m,
         ck_batch_norm_forward_f32(ctx, M, N, NULL, ldy, NULL, NULL, 1e-5f, act, NULL, NULL, NULL,
                                   NULL, ldy),
         "14");
  expect(m,
         ck_batch_norm_backward_f32(ctx, M, N, NULL, ldy, NULL, ldy, NULL, ldy, NULL, NULL, NULL,
                                    act, false, NULL, NULL, NULL, ldy),
         "15");
  expect(m, ck_convert_f32_to_half(ctx, CK_F16, M, NULL, NULL), "16");
  expect(m, ck_convert_rows_f32_to_half(ctx, CK_F16, M, N, NULL, ldy, NULL, ldy), "17");
  expect(m, ck_sparse_backward_weights_f32(ctx, M, N, K, NULL, ldy, &s, NULL, ldx, false), "18");
  // Weights without elements are created; the others are too large.
  ck_packed_weights *packed = NULL;
  ck_packed_half_weights *half = NULL;
  bool is_empty = N == 0 || K == 0;
  bool is_refused = N < 0 || K < 0 || (double)N * (double)K > 0x1p50;
  if (is_empty || is_refused) {
    ck_status status = ck_packed_weights_create(ctx, N, K, &packed);
    require(m->r, status == CK_OK ? is_empty : status == CK_ERROR_SHAPE, "absurd packed weights");
    if (status == CK_OK)
      expect(m, ck_dense_forward_packed_f32(ctx, M, packed, NULL, ldx, NULL, act, NULL, ldy), "19");
    ck_packed_weights_destroy(packed);
    status = ck_packed_half_weights_create(ctx, CK_BF16, N, K, &half);
    require(m->r, status == CK_OK ? is_empty : status == CK_ERROR_SHAPE, "absurd 16-bit weights");
    if (status == CK_OK)
      expect(m, ck_dense_forward_half(ctx, M, half, NULL, ldx, NULL, act, none), "20");
    ck_packed_half_weights_destroy(half);
  }
}

void check_misuse(run *r) {
  static void (*const kinds[])(misuse *) = {misuse_dense, misuse_half, misuse_rows, misuse_sparse,
                                            misuse_sizes};
  misuse m = {.r = r, .state = 11};
  for (int i = 0; i < 4000; i++)
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
      kinds[kind](&m);
      release(&m);
    }
}
