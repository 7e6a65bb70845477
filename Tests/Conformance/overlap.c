// SPDX-License-Identifier: Apache-2.0

// Outputs that overlap other operands: refused where a call does not allow it, before anything is
// written, and only where elements are shared; in place where a call does allow it.
#include "run.h"

#include <string.h>

enum { M = 3, N = 4, K = 5, SLOT = 64, SLOTS = 9, ARENA = SLOT * SLOTS };

/// Operands in slots of their own, and what the slots held at first.
typedef struct arena {
  run *r;
  float floats[ARENA], before[ARENA];
} arena;

static float *slot(arena *a, int number) { return a->floats + SLOT * number; }

static void fill(arena *a) {
  for (int i = 0; i < ARENA; i++)
    a->floats[i] = a->before[i] = (float)(i % 7) / 8;
}

static void refused(arena *a, ck_status status, const char *name) {
  require(a->r, status == CK_ERROR_OVERLAP, name);
  require(a->r, memcmp(a->floats, a->before, sizeof a->floats) == 0, "a refused call has written");
}

static const ck_activation relu = {CK_RELU, 0};

static void dense(arena *a) {
  ck_context *ctx = a->r->context;
  float *x = slot(a, 0), *w = slot(a, 1), *b = slot(a, 2), *y = slot(a, 3), *h = slot(a, 4);
  float *const forward[] = {x + 1, w + 1, b + 1};
  for (int i = 0; i < 3; i++)
    refused(a, ck_dense_forward_f32(ctx, M, N, K, x, K, w, K, b, relu, forward[i], N), "forward");
  float *const tangent[] = {x, w, h + 1};
  for (int i = 0; i < 3; i++)
    refused(a, ck_dense_tangent_f32(ctx, M, N, K, x, K, w, K, h, N, relu, tangent[i], N),
            "tangent");
  float *const data[] = {y, w, h + 1};
  for (int i = 0; i < 3; i++)
    refused(a, ck_dense_backward_data_f32(ctx, M, N, K, y, N, w, K, h, K, relu, data[i], K),
            "backward_data");
  float *const weights[][2] = {{x, b}, {y, b}, {w, w + N * K - 1}, {w, x}, {w, y}};
  for (int i = 0; i < 5; i++)
    for (int accumulate = 0; accumulate < 2; accumulate++)
      refused(a,
              ck_dense_backward_weights_f32(ctx, M, N, K, y, N, x, K, weights[i][0], K,
                                            weights[i][1], accumulate),
              "backward_weights");
}

static void packed(arena *a) {
  ck_context *ctx = a->r->context;
  float *x = slot(a, 0), *b = slot(a, 2), *y = slot(a, 3), *h = slot(a, 4);
  ck_packed_weights *w = NULL;
  require(a->r, ck_packed_weights_create(ctx, N, K, &w) == CK_OK, "packed weights");
  refused(a, ck_dense_forward_packed_f32(ctx, M, w, x, K, b, relu, x, N), "packed forward");
  refused(a, ck_dense_forward_packed_f32(ctx, M, w, x, K, b, relu, b, N), "packed forward's bias");
  refused(a, ck_dense_tangent_packed_f32(ctx, M, w, x, K, h, N, relu, x, N), "packed tangent");
  refused(a, ck_dense_backward_data_packed_f32(ctx, M, w, y, N, NULL, 0, relu, y, K),
          "packed backward_data");
  refused(a, ck_dense_backward_data_columns_packed_f32(ctx, M, 2, w, y, N, h, 2, relu, h + 1, 2),
          "packed backward_data of some columns");
  // The last of the entries' columns and values, so that only these can be what is found.
  int32_t columns[SLOT] = {0};
  ck_sparse_rows s = {2, columns, h};
  refused(a, ck_dense_forward_sparse_packed_f32(ctx, M, w, 3, x, 3, &s, b, relu, h + 2 * M - 1, N),
          "sparse forward's values");
  refused(a,
          ck_dense_forward_sparse_packed_f32(ctx, M, w, 3, x, 3, &s, b, relu,
                                             (float *)(void *)(columns + 2 * M - 1), N),
          "sparse forward's columns");
  refused(a, ck_sparse_backward_weights_f32(ctx, M, N, 2, y, N, &s, y, 2, false), "sparse weights");
  refused(a, ck_sparse_backward_weights_f32(ctx, M, N, 2, y, N, &s, h + 2 * M - 1, 2, true),
          "sparse weights' values");
  ck_adam adam = {1e-3f, 0.9f, 0.999f, 1e-8f, 0, 1};
  ck_rmsprop rmsprop = {1e-3f, 0.9f, 1e-8f, 0};
  float *g = slot(a, 0), *m = slot(a, 1), *v = slot(a, 2), *value = slot(a, 3);
  refused(a, ck_adam_step_packed_f32(ctx, w, &adam, g, m, v, g, K), "packed Adam");
  refused(a, ck_adam_step_packed_f32(ctx, w, &adam, g, m, m, value, K), "packed Adam's moments");
  refused(a, ck_rmsprop_step_packed_f32(ctx, w, &rmsprop, g, value, value, K), "packed RMSprop");
  refused(a, ck_adam_step_f32(ctx, 9, &adam, g, m, v, v + 8), "Adam");
  refused(a, ck_adam_step_f32(ctx, 9, &adam, g, g, v, value), "Adam's gradient");
  refused(a, ck_rmsprop_step_f32(ctx, 9, &rmsprop, g, g + 1, value), "RMSprop");
  ck_packed_weights_destroy(w);
}

static void half(arena *a) {
  ck_context *ctx = a->r->context;
  float *b = slot(a, 2);
  ck_half *x = (ck_half *)(void *)slot(a, 0), *h = (ck_half *)(void *)slot(a, 4);
  ck_half *dz = (ck_half *)(void *)slot(a, 3);
  ck_packed_half_weights *w = NULL;
  require(a->r, ck_packed_half_weights_create(ctx, CK_BF16, N, K, &w) == CK_OK, "16-bit weights");
  ck_result over_x = {.half = x + M * K - 1, .ld = N}, over_b = {.f32 = b + N - 1, .ld = N};
  ck_result beside_h = {.half = h + 1, .ld = N}, wider_h = {.f32 = slot(a, 4), .ld = N};
  ck_result over_dz = {.f32 = slot(a, 3), .ld = K}, beside_k = {.half = h + 1, .ld = K};
  refused(a, ck_dense_forward_half(ctx, M, w, x, K, b, relu, over_x), "16-bit forward");
  refused(a, ck_dense_forward_half(ctx, M, w, x, K, b, relu, over_b), "16-bit forward's bias");
  refused(a, ck_dense_tangent_half(ctx, M, w, x, K, h, N, relu, over_x), "16-bit tangent");
  refused(a, ck_dense_tangent_half(ctx, M, w, x, K, h, N, relu, beside_h), "its output, shifted");
  refused(a, ck_dense_tangent_half(ctx, M, w, x, K, h, 2 * N, relu, wider_h), "of another width");
  refused(a, ck_dense_backward_data_half(ctx, M, w, dz, N, h, K, relu, over_dz),
          "16-bit backward_data");
  refused(a, ck_dense_backward_data_half(ctx, M, w, dz, N, h, K, relu, beside_k),
          "its input, shifted");
  refused(a,
          ck_dense_backward_weights_half(ctx, CK_BF16, M, N, K, dz, N, x, K, slot(a, 0), K, NULL,
                                         false),
          "16-bit backward_weights");
  int32_t columns[SLOT] = {0};
  ck_sparse_rows s = {2, columns, slot(a, 5)};
  refused(a,
          ck_dense_forward_sparse_half(ctx, M, w, 3, x, 3, &s, b, relu, slot(a, 5) + 2 * M - 1, N),
          "16-bit sparse forward");
  refused(a, ck_convert_f32_to_half(ctx, CK_F16, 9, slot(a, 0), x), "rounding an array");
  refused(a, ck_convert_half_to_f32(ctx, CK_F16, 9, x, slot(a, 0)), "widening an array");
  ck_packed_half_weights_destroy(w);
}

static void rows(arena *a) {
  ck_context *ctx = a->r->context;
  float *x = slot(a, 0), *y = slot(a, 1), *dy = slot(a, 2);
  const ck_span span = {0, N};
  const ck_random_stream stream = {1, 2, 3};
  refused(a, ck_activation_forward_f32(ctx, M, N, x, N, relu, x + 1, N), "activation");
  refused(a, ck_activation_forward_f32(ctx, M, N, x, N, relu, x, N + 1), "of another stride");
  refused(a, ck_activation_backward_f32(ctx, M, N, dy, N, y, N, relu, dy + N, N), "derivative");
  refused(a, ck_activation_backward_f32(ctx, M, N, dy, N, y, N, relu, y + N, N), "its output");
  refused(a, ck_softmax_f32(ctx, M, x, N, &span, 1, 1, x + 1, N), "softmax");
  refused(a, ck_gumbel_softmax_f32(ctx, M, N, x, N, &span, 1, 1, stream, 0, x + 1, N), "Gumbel");
  refused(a, ck_softmax_backward_f32(ctx, M, dy, N, y, N, &span, 1, 1, dy + 1, N), "softmax back");
  refused(a, ck_softmax_backward_f32(ctx, M, dy, N, y, N, &span, 1, 1, y + 1, N), "its output");
  refused(a, ck_exp_f32(ctx, 9, x, x + 8), "exp");
  refused(a, ck_log_f32(ctx, 9, x + 8, x), "log");
  refused(a, ck_tanh_f32(ctx, 9, x, x + 1), "tanh");
}

static void batch_norm(arena *a) {
  ck_context *ctx = a->r->context;
  // y, mean, variance and inverse deviation; then x, weight and bias.
  for (int output = 0; output < 4; output++)
    for (int other = output + 1; other < 7; other++) {
      float *p[7];
      for (int i = 0; i < 7; i++)
        p[i] = slot(a, i);
      p[output] = p[other] + 1;
      refused(a,
              ck_batch_norm_forward_f32(ctx, M, N, p[4], N, p[5], p[6], 1e-5f, relu, p[1], p[2],
                                        p[3], p[0], N),
              "batch norm");
    }
  // dx and the gradients of weight and bias; then dy, y, x, weight, mean and inverse deviation.
  for (int output = 0; output < 3; output++)
    for (int other = output + 1; other < 9; other++) {
      float *p[9];
      for (int i = 0; i < 9; i++)
        p[i] = slot(a, i);
      p[output] = p[other] + 1;
      refused(a,
              ck_batch_norm_backward_f32(ctx, M, N, p[3], N, p[4], N, p[5], N, p[6], p[7], p[8],
                                         relu, false, p[1], p[2], p[0], N),
              "batch norm backward");
    }
}

/// Whether two matrices in one array of 16-bit cells share one, cell by cell. An element has
/// `size` cells.
typedef struct placed {
  int64_t begin, columns, stride, size;
} placed;

static bool share_cells(placed a, placed b, int64_t count) {
  bool taken[2 * ARENA] = {false};
  for (int64_t r = 0; r < count; r++)
    for (int64_t i = 0; i < a.columns * a.size; i++)
      taken[a.begin + r * a.stride * a.size + i] = true;
  for (int64_t r = 0; r < count; r++)
    for (int64_t i = 0; i < b.columns * b.size; i++)
      if (taken[b.begin + r * b.stride * b.size + i])
        return true;
  return false;
}

/// Random places in one array: a call is refused just where cells are shared.
static void indices(arena *a) {
  ck_context *ctx = a->r->context;
  uint64_t state = 5;
  static float w[64];
  int refusals = 0, neighbors = 0;
  for (int turn = 0; turn < 40000; turn++) {
    int64_t draws[7];
    for (int i = 0; i < 7; i++) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      draws[i] = (int64_t)(state >> 40);
    }
    int64_t count = draws[0] % 6, n = draws[1] % 5, k = draws[2] % 5;
    int64_t ldx = k + draws[3] % 16, ldy = turn % 2 && ldx >= n ? ldx : n + draws[4] % 16;
    placed x = {2 * (draws[5] % 60), k, ldx, 2}, y = {2 * (draws[6] % 60), n, ldy, 2};
    bool shared = share_cells(x, y, count);
    ck_status status = ck_dense_forward_f32(ctx, count, n, k, a->floats + x.begin / 2, ldx, w, 5,
                                            NULL, relu, a->floats + y.begin / 2, ldy);
    require(a->r, status == (shared ? CK_ERROR_OVERLAP : CK_OK), "an overlap at some place");
    // Rounding, whose elements have different sizes.
    placed z = {draws[6] % 120, k, ldy >= k ? ldy : k, 1};
    shared = share_cells(x, z, count);
    status = ck_convert_rows_f32_to_half(ctx, CK_BF16, count, k, a->floats + x.begin / 2, ldx,
                                         (ck_half *)(void *)a->floats + z.begin, z.stride);
    require(a->r, status == (shared ? CK_ERROR_OVERLAP : CK_OK), "an overlap of other sizes");
    refusals += shared;
    neighbors += !shared && count > 1 && k > 0 && z.begin > x.begin &&
                 z.begin < x.begin + (count - 1) * ldx * 2;
  }
  require(a->r, refusals > 1000 && neighbors > 1000, "too few places of a kind");
}

/// Results in the place of a stored output have the bits of those beside it.
static void in_place(run *r) {
  enum { rows = 70, outputs = 40, inputs = 33 };
  static float q[rows * outputs], w[outputs * inputs], h[rows * outputs], beside[rows * outputs];
  static ck_half qn[rows * outputs], hn[rows * outputs], besiden[rows * outputs];
  for (int i = 0; i < rows * outputs; i++) {
    q[i] = (float)(i % 11 - 5) / 4;
    h[i] = (float)(i % 5 - 2) / 2;
  }
  for (int i = 0; i < outputs * inputs; i++)
    w[i] = (float)(i % 13 - 6) / 8;
  ck_context *ctx = r->context;
  bool fine = ck_convert_f32_to_half(ctx, CK_BF16, rows * outputs, q, qn) == CK_OK &&
              ck_convert_f32_to_half(ctx, CK_BF16, rows * outputs, h, hn) == CK_OK;
  ck_packed_half_weights *packed = NULL;
  fine = fine && ck_packed_half_weights_create(ctx, CK_BF16, outputs, inputs, &packed) == CK_OK &&
         ck_packed_half_weights_update(ctx, packed, w, inputs) == CK_OK;
  require(r, fine, "operands");
  static float held[rows * outputs];
  static ck_half heldn[rows * outputs];
  memcpy(held, h, sizeof h);
  memcpy(heldn, hn, sizeof hn);
  for (int data = 0; data < 2; data++) {
    int64_t columns = data ? inputs : outputs;
    for (int same = 0; same < 2; same++) {
      float *to = same ? h : beside;
      ck_result half = {.half = same ? hn : besiden, .ld = columns};
      ck_status status = data ? ck_dense_backward_data_f32(ctx, rows, outputs, inputs, q, outputs,
                                                           w, inputs, h, inputs, relu, to, inputs)
                              : ck_dense_tangent_f32(ctx, rows, outputs, inputs, q, inputs, w,
                                                     inputs, h, outputs, relu, to, outputs);
      require(r, status == CK_OK, "in place");
      status =
          data ? ck_dense_backward_data_half(ctx, rows, packed, qn, outputs, hn, inputs, relu, half)
               : ck_dense_tangent_half(ctx, rows, packed, qn, inputs, hn, outputs, relu, half);
      require(r, status == CK_OK, "16 bits in place");
    }
    size_t count = (size_t)(rows * columns);
    require(r, memcmp(h, beside, count * sizeof *h) == 0, "bits in place");
    require(r, memcmp(hn, besiden, count * sizeof *hn) == 0, "16-bit results in place");
    memcpy(h, held, sizeof h);
    memcpy(hn, heldn, sizeof hn);
  }
  ck_packed_half_weights_destroy(packed);
}

void check_overlap(run *r) {
  static void (*const kinds[])(arena *) = {dense, packed, half, rows, batch_norm};
  arena a = {.r = r};
  for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
    fill(&a);
    kinds[kind](&a);
  }
  indices(&a);
  in_place(r);
}
