// SPDX-License-Identifier: Apache-2.0

// Dense layers, in f32 and on 16-bit numbers: what is called, checked and handed to the product.
#include "half_path.h"
#include "overlap.h"
#include "product.h"

/// B is w^T (forward, tangent) or w (backward) of weights that have not been packed.
static ck_product with_weights(const ck_context *ctx, int64_t N, int64_t K, const float *w,
                               int64_t ldw, bool transposed) {
  return (ck_product){.format = &ctx->f32,
                      .N = transposed ? N : K,
                      .L = transposed ? K : N,
                      .w = w,
                      .ldw = ldw,
                      .transposed = transposed};
}

/// The same of packed ones, whose panels are in the format.
static ck_product with_panels(const ck_operand_format *format, const ck_packed_weights *w,
                              bool transposed) {
  return (ck_product){.format = format,
                      .N = transposed ? w->N : w->K,
                      .L = transposed ? w->K : w->N,
                      .panels = transposed ? w->forward : w->backward};
}

static ck_status of_packed(const ck_context *ctx, const ck_packed_weights *w, bool transposed,
                           ck_product *p) {
  if (ctx == NULL || w == NULL)
    return CK_ERROR_NULL;
  *p = with_panels(&ctx->f32, w, transposed);
  return w->panel_width == ctx->f32.panel_width ? CK_OK : CK_ERROR_ISA;
}

static ck_status of_packed_half(ck_context *ctx, const ck_packed_half_weights *w, bool transposed,
                                ck_product *p) {
  if (ctx == NULL || w == NULL)
    return CK_ERROR_NULL;
  const ck_half_execution *execution = ck_half_execution_of(ctx, w->format);
  *p = with_panels(&execution->operands, &w->panels, transposed);
  return ck_packed_for(w, execution) ? CK_OK : CK_ERROR_ISA;
}

static ck_result as_f32(float *c, int64_t ld) { return (ck_result){.f32 = c, .ld = ld}; }

static ck_status check_result(ck_result c, int64_t rows, int64_t columns) {
  if (c.f32 != NULL && c.half != NULL)
    return CK_ERROR_VALUE;
  return ck_check(c.f32 ? (const void *)c.f32 : c.half, rows, columns, c.ld);
}

/// An operand in the product's format.
static ck_operand operand(const ck_product *p, const void *m, int64_t rows, int64_t columns,
                          int64_t ld) {
  return ck_operand_at(m, p->format->size, rows, columns, ld);
}

static ck_operand result(ck_result c, int64_t rows, int64_t columns) {
  return c.f32 ? CK_MATRIX(c.f32, rows, columns, c.ld) : CK_MATRIX(c.half, rows, columns, c.ld);
}

/// Weights that have not been packed; without elements where they have.
static ck_operand weights(const ck_product *p) {
  return p->transposed ? CK_MATRIX(p->w, p->N, p->L, p->ldw) : CK_MATRIX(p->w, p->L, p->N, p->ldw);
}

// MARK: The three products, in any format

static ck_status forward(ck_context *ctx, ck_product *p, int64_t M, const void *x, int64_t ldx,
                         const float *b, ck_activation act, ck_result y) {
  CK_TRY(ck_check(x, M, p->L, ldx));
  CK_TRY(check_result(y, M, p->N));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, result(y, M, p->N), operand(p, x, M, p->L, ldx), weights(p),
                        CK_VECTOR(b, p->N), ck_sparse_columns(p->sparse, M),
                        ck_sparse_values(p->sparse, M)));
  p->M = M;
  p->a = x;
  p->lda = ldx;
  p->bias = b;
  p->act = act;
  p->c = y;
  return ck_product_run(ctx, p);
}

/// The product's first K rows of B are for x, the others for the entries.
static ck_status forward_sparse(ck_context *ctx, ck_product *p, int64_t M, int64_t K, const void *x,
                                int64_t ldx, const ck_sparse_rows *s, const float *b,
                                ck_activation act, float *y, int64_t ldy) {
  if (K < 0 || K > p->L)
    return CK_ERROR_SHAPE;
  CK_TRY(ck_check_sparse(s, M, p->L - K));
  p->depth = p->L;
  p->L = K;
  p->sparse = s;
  return forward(ctx, p, M, x, ldx, b, act, as_f32(y, ldy));
}

static ck_status tangent(ck_context *ctx, ck_product *p, int64_t M, const void *q, int64_t ldq,
                         const void *h, int64_t ldh, ck_activation act, ck_result q_out) {
  CK_TRY(ck_check(q, M, p->L, ldq));
  CK_TRY(ck_check(h, M, p->N, ldh));
  CK_TRY(check_result(q_out, M, p->N));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, result(q_out, M, p->N), operand(p, q, M, p->L, ldq), weights(p)));
  CK_TRY(ck_check_in_place(result(q_out, M, p->N), operand(p, h, M, p->N, ldh)));
  p->M = M;
  p->a = q;
  p->lda = ldq;
  p->act = act;
  p->h = h;
  p->ldh = ldh;
  p->c = q_out;
  return ck_product_run(ctx, p);
}

/// Panels hold columns in order: the first ones are a product of their own.
static ck_status backward_data(ck_context *ctx, ck_product *p, int64_t M, int64_t columns,
                               const void *dz, int64_t lddz, const void *x_out, int64_t ldxo,
                               ck_activation act, ck_result dx) {
  if (columns > p->N)
    return CK_ERROR_SHAPE;
  CK_TRY(ck_check(dz, M, p->L, lddz));
  if (x_out != NULL)
    CK_TRY(ck_check(x_out, M, columns, ldxo));
  CK_TRY(check_result(dx, M, columns));
  CK_TRY(ck_check_activation(act));
  CK_TRY(CK_CHECK_APART(1, result(dx, M, columns), operand(p, dz, M, p->L, lddz), weights(p)));
  CK_TRY(ck_check_in_place(result(dx, M, columns), operand(p, x_out, M, columns, ldxo)));
  p->M = M;
  p->N = columns;
  p->a = dz;
  p->lda = lddz;
  p->act = x_out ? act : (ck_activation){CK_IDENTITY, 0};
  p->h = x_out;
  p->ldh = x_out ? ldxo : 0;
  p->c = dx;
  return ck_product_run(ctx, p);
}

// MARK: f32

ck_status ck_dense_forward_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K, const float *x,
                               int64_t ldx, const float *w, int64_t ldw, const float *b,
                               ck_activation act, float *y, int64_t ldy) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(w, N, K, ldw));
  ck_product p = with_weights(ctx, N, K, w, ldw, true);
  return forward(ctx, &p, M, x, ldx, b, act, as_f32(y, ldy));
}

ck_status ck_dense_tangent_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K, const float *q,
                               int64_t ldq, const float *w, int64_t ldw, const float *h,
                               int64_t ldh, ck_activation act, float *q_out, int64_t ldo) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(w, N, K, ldw));
  ck_product p = with_weights(ctx, N, K, w, ldw, true);
  return tangent(ctx, &p, M, q, ldq, h, ldh, act, as_f32(q_out, ldo));
}

ck_status ck_dense_backward_data_f32(ck_context *ctx, int64_t M, int64_t N, int64_t K,
                                     const float *dz, int64_t lddz, const float *w, int64_t ldw,
                                     const float *x_out, int64_t ldxo, ck_activation act, float *dx,
                                     int64_t lddx) {
  if (ctx == NULL)
    return CK_ERROR_NULL;
  CK_TRY(ck_check(w, N, K, ldw));
  ck_product p = with_weights(ctx, N, K, w, ldw, false);
  return backward_data(ctx, &p, M, K, dz, lddz, x_out, ldxo, act, as_f32(dx, lddx));
}

ck_status ck_dense_forward_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                      const float *x, int64_t ldx, const float *b,
                                      ck_activation act, float *y, int64_t ldy) {
  ck_product p;
  CK_TRY(of_packed(ctx, w, true, &p));
  return forward(ctx, &p, M, x, ldx, b, act, as_f32(y, ldy));
}

ck_status ck_dense_forward_sparse_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                             int64_t K, const float *x, int64_t ldx,
                                             const ck_sparse_rows *s, const float *b,
                                             ck_activation act, float *y, int64_t ldy) {
  ck_product p;
  CK_TRY(of_packed(ctx, w, true, &p));
  return forward_sparse(ctx, &p, M, K, x, ldx, s, b, act, y, ldy);
}

ck_status ck_dense_tangent_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                      const float *q, int64_t ldq, const float *h, int64_t ldh,
                                      ck_activation act, float *q_out, int64_t ldo) {
  ck_product p;
  CK_TRY(of_packed(ctx, w, true, &p));
  return tangent(ctx, &p, M, q, ldq, h, ldh, act, as_f32(q_out, ldo));
}

ck_status ck_dense_backward_data_packed_f32(ck_context *ctx, int64_t M, const ck_packed_weights *w,
                                            const float *dz, int64_t lddz, const float *x_out,
                                            int64_t ldxo, ck_activation act, float *dx,
                                            int64_t lddx) {
  ck_product p;
  CK_TRY(of_packed(ctx, w, false, &p));
  return backward_data(ctx, &p, M, w->K, dz, lddz, x_out, ldxo, act, as_f32(dx, lddx));
}

ck_status ck_dense_backward_data_columns_packed_f32(ck_context *ctx, int64_t M, int64_t columns,
                                                    const ck_packed_weights *w, const float *dz,
                                                    int64_t lddz, const float *x_out, int64_t ldxo,
                                                    ck_activation act, float *dx, int64_t lddx) {
  ck_product p;
  CK_TRY(of_packed(ctx, w, false, &p));
  return backward_data(ctx, &p, M, columns, dz, lddz, x_out, ldxo, act, as_f32(dx, lddx));
}

// MARK: 16 bits

ck_status ck_dense_forward_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                const ck_half *x, int64_t ldx, const float *b, ck_activation act,
                                ck_result y) {
  ck_product p;
  CK_TRY(of_packed_half(ctx, w, true, &p));
  return forward(ctx, &p, M, x, ldx, b, act, y);
}

ck_status ck_dense_forward_sparse_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                       int64_t K, const ck_half *x, int64_t ldx,
                                       const ck_sparse_rows *s, const float *b, ck_activation act,
                                       float *y, int64_t ldy) {
  ck_product p;
  CK_TRY(of_packed_half(ctx, w, true, &p));
  return forward_sparse(ctx, &p, M, K, x, ldx, s, b, act, y, ldy);
}

ck_status ck_dense_tangent_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                const ck_half *q, int64_t ldq, const ck_half *h, int64_t ldh,
                                ck_activation act, ck_result q_out) {
  ck_product p;
  CK_TRY(of_packed_half(ctx, w, true, &p));
  return tangent(ctx, &p, M, q, ldq, h, ldh, act, q_out);
}

ck_status ck_dense_backward_data_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                      const ck_half *dz, int64_t lddz, const ck_half *x_out,
                                      int64_t ldxo, ck_activation act, ck_result dx) {
  ck_product p;
  CK_TRY(of_packed_half(ctx, w, false, &p));
  return backward_data(ctx, &p, M, w->panels.K, dz, lddz, x_out, ldxo, act, dx);
}

ck_status ck_dense_backward_data_columns_half(ck_context *ctx, int64_t M, int64_t columns,
                                              const ck_packed_half_weights *w, const ck_half *dz,
                                              int64_t lddz, const ck_half *x_out, int64_t ldxo,
                                              ck_activation act, ck_result dx) {
  ck_product p;
  CK_TRY(of_packed_half(ctx, w, false, &p));
  return backward_data(ctx, &p, M, columns, dz, lddz, x_out, ldxo, act, dx);
}
