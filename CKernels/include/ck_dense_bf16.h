/// Dense layers on bfloat16: operands of 16 bits, sums in single precision.
///
/// Activations and gradients are stored in half the memory; weights are packed from their f32
/// masters, rounded to nearest even. There are two ways to multiply, and a context measures once
/// which is faster: dot-product instructions (AVX512_BF16: two products a lane and step, denormals
/// flushed), or widening to f32 in the cache and the f32 kernels. Within one way results have the
/// same bits for any number of threads; between the two they differ in the order of the sums.
/// Error of an f32 result against exact arithmetic on the rounded operands:
/// (L + 3) u (sum |terms| + |b|), u = 2^-24, L the depth of the sum; a bf16 result is rounded once
/// more (2^-8 relative).
#ifndef CK_DENSE_BF16_H
#define CK_DENSE_BF16_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The upper half of a float.
typedef uint16_t ck_bf16;

/// Where a product's rows go: floats, or values rounded to nearest even. One of the two is NULL.
typedef struct ck_result {
  float *f32;
  ck_bf16 *bf16;
  int64_t ld;
} ck_result;

/// How a context multiplies bfloat16.
typedef enum ck_bf16_path {
  CK_BF16_WIDENED = 0, ///< by the f32 kernels on widened operands
  CK_BF16_DOT = 1,     ///< by dot-product instructions
} ck_bf16_path;

typedef struct ck_bf16_rate {
  ck_bf16_path path;
  /// Multiply-adds a second of one thread, in registers; 0 for dot where there is no instruction.
  double dot, fma;
} ck_bf16_rate;

/// Which way the context goes, and the rates it was chosen by. The first call (of this or of
/// `ck_packed_weights_bf16_create`) measures for less than a millisecond; later ones know.
ck_status ck_context_bf16_rate(ck_context *ctx, ck_bf16_rate *rate);

/// Takes one way whatever the rates say. CK_ERROR_ISA for dot where there is no instruction.
ck_status ck_context_set_bf16_path(ck_context *ctx, ck_bf16_path path);

/// Weights rounded to bfloat16 in the layouts the kernels read. Tied to the instruction set and the
/// way of multiplying of the context it was made with.
typedef struct ck_packed_weights_bf16 ck_packed_weights_bf16;

ck_status ck_packed_weights_bf16_create(ck_context *ctx, int64_t N, int64_t K,
                                        ck_packed_weights_bf16 **packed);
void ck_packed_weights_bf16_destroy(ck_packed_weights_bf16 *packed);

/// Rounds and copies w[N,K] into the packed layouts. O(NK).
ck_status ck_packed_weights_bf16_update(ck_context *ctx, ck_packed_weights_bf16 *packed,
                                        const float *w, int64_t ldw);

/// y[M,N] = act(x[M,K] w[N,K]^T + b[N]); b may be NULL. y must not overlap x.
ck_status ck_dense_forward_bf16(ck_context *ctx, int64_t M, const ck_packed_weights_bf16 *w,
                                const ck_bf16 *x, int64_t ldx, const float *b, ck_activation act,
                                ck_result y);

/// q_out[M,N] = (q[M,K] w[N,K]^T) * act'(h[M,N]), h the stored output of the layer.
ck_status ck_dense_tangent_bf16(ck_context *ctx, int64_t M, const ck_packed_weights_bf16 *w,
                                const ck_bf16 *q, int64_t ldq, const ck_bf16 *h, int64_t ldh,
                                ck_activation act, ck_result q_out);

/// dx[M,K] = (dz[M,N] w[N,K]) * act'(x_out[M,K]); x_out is the stored output of the layer before,
/// NULL for no factor.
ck_status ck_dense_backward_data_bf16(ck_context *ctx, int64_t M, const ck_packed_weights_bf16 *w,
                                      const ck_bf16 *dz, int64_t lddz, const ck_bf16 *x_out,
                                      int64_t ldxo, ck_activation act, ck_result dx);

/// The first `columns` columns of dx alone, where nobody wants the others; x_out has as many.
ck_status ck_dense_backward_data_columns_bf16(ck_context *ctx, int64_t M, int64_t columns,
                                              const ck_packed_weights_bf16 *w, const ck_bf16 *dz,
                                              int64_t lddz, const ck_bf16 *x_out, int64_t ldxo,
                                              ck_activation act, ck_result dx);

/// dw[N,K] (+)= dz[M,N]^T x[M,K] and db[N] (+)= column sums of dz; db may be NULL. With
/// `accumulate` the sums are added to what is there, else they replace it.
ck_status ck_dense_backward_weights_bf16(ck_context *ctx, int64_t M, int64_t N, int64_t K,
                                         const ck_bf16 *dz, int64_t lddz, const ck_bf16 *x,
                                         int64_t ldx, float *dw, int64_t lddw, float *db,
                                         bool accumulate);

#ifdef __cplusplus
}
#endif
#endif
