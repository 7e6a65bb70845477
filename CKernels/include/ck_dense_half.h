// SPDX-License-Identifier: Apache-2.0

/// Dense layers on 16-bit numbers: bfloat16 or IEEE half precision (float16). Results and the sums
/// of products are of single precision.
///
/// Activations and gradients are stored in half the memory; weights are packed from their f32
/// masters, rounded to nearest even. There are two execution paths, and a context measures once
/// which is faster: by instructions for the format, or widening to f32 in the cache and the f32
/// kernels. Within one path results have the same bits for any number of threads; between the two
/// they differ. u = 2^-24, L is the depth of the sum, terms are products of the rounded operands.
///
/// - Widened, and bfloat16 by dot-product instructions (AVX512_BF16: two products a lane and step,
///   denormals flushed): an f32 result errs by (L + 3) u (sum |terms| + |b|).
/// - float16 by fused multiply-adds in half precision (AVX512_FP16, arm64 with FEAT_FP16): sums in
///   16 bits are kept to chains of C pairs (`ck_context_set_f16_chain`), two chains side by side,
///   which sums in f32 go on from. An f32 result errs by C / (2048 - C) sum |terms| + L 2^-25 +
///   (L / (2 C) + L / 128 + 8) u (sum |terms| + |b|). A partial sum above 65504 becomes infinite.
///
/// A 16-bit result is rounded once more (2^-8 of itself as bfloat16; 2^-11, and 2^-25, as float16).
#ifndef CK_DENSE_HALF_H
#define CK_DENSE_HALF_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A 16-bit number's bits.
typedef uint16_t ck_half;

/// What the bits mean.
typedef enum ck_half_format {
  CK_BF16 = 0, ///< the upper half of a float: its range, 8 bits of precision
  CK_F16 = 1,  ///< IEEE half precision: 11 bits, up to 65504
  CK_HALF_FORMAT_COUNT = 2,
} ck_half_format;

/// Where a product's rows go: floats, or 16-bit values in the operands' format, rounded to nearest
/// even. One of the two is NULL.
typedef struct ck_result {
  float *f32;
  ck_half *half;
  int64_t ld;
} ck_result;

/// How a context multiplies a format.
typedef enum ck_half_path {
  CK_HALF_WIDENED = 0, ///< by the f32 kernels on widened operands
  CK_HALF_DIRECT = 1,  ///< by instructions for the format
  /// float16 alone, and never chosen: the bits of CK_HALF_DIRECT on a machine without the
  /// instructions, for tests. Some hundred times slower.
  CK_HALF_EMULATED = 2,
} ck_half_path;

typedef struct ck_half_rate {
  ck_half_path path;
  /// Multiply-adds a second of one thread's tile with operands in the L1 cache, by the
  /// format's instructions (0 where there are none) and in single precision.
  double direct, single;
} ck_half_rate;

/// Which path the context takes, and the rates it was chosen by. The first call that needs to know
/// measures for less than a millisecond; later ones know.
CK_API ck_status ck_context_half_rate(ck_context *ctx, ck_half_format format, ck_half_rate *rate);

/// Takes one path whatever the rates say. CK_ERROR_ISA where the machine does not support it.
CK_API ck_status ck_context_set_half_path(ck_context *ctx, ck_half_format format,
                                          ck_half_path path);

/// Pairs of products that float16 sums in 16 bits, 1...`CK_F16_LONGEST_CHAIN`; `CK_F16_CHAIN` at
/// first. Longer is faster and less exact. The rates are those of the length they are measured
/// with.
CK_API ck_status ck_context_set_f16_chain(ck_context *ctx, int64_t pairs);
enum { CK_F16_CHAIN = 16, CK_F16_LONGEST_CHAIN = 1024 };

/// Weights rounded to 16 bits in the layouts the kernels read. Tied to the instruction set and the
/// execution path of the context it was made with.
typedef struct ck_packed_half_weights ck_packed_half_weights;

CK_API ck_status ck_packed_half_weights_create(ck_context *ctx, ck_half_format format, int64_t N,
                                               int64_t K, ck_packed_half_weights **packed);
CK_API void ck_packed_half_weights_destroy(ck_packed_half_weights *packed);

/// Rounds and copies w[N,K] into the packed layouts. O(NK).
CK_API ck_status ck_packed_half_weights_update(ck_context *ctx, ck_packed_half_weights *packed,
                                               const float *w, int64_t ldw);

/// Operands have the format of the weights.
///
/// y[M,N] = act(x[M,K] w[N,K]^T + b[N]); b may be NULL.
CK_API ck_status ck_dense_forward_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                       const ck_half *x, int64_t ldx, const float *b,
                                       ck_activation act, ck_result y);

/// q_out[M,N] = (q[M,K] w[N,K]^T) * act'(h[M,N]), h the stored output of the layer. q_out may be h.
CK_API ck_status ck_dense_tangent_half(ck_context *ctx, int64_t M, const ck_packed_half_weights *w,
                                       const ck_half *q, int64_t ldq, const ck_half *h, int64_t ldh,
                                       ck_activation act, ck_result q_out);

/// dx[M,K] = (dz[M,N] w[N,K]) * act'(x_out[M,K]); x_out is the stored output of the layer before,
/// NULL for no factor. dx may be x_out.
CK_API ck_status ck_dense_backward_data_half(ck_context *ctx, int64_t M,
                                             const ck_packed_half_weights *w, const ck_half *dz,
                                             int64_t lddz, const ck_half *x_out, int64_t ldxo,
                                             ck_activation act, ck_result dx);

/// The first `columns` columns of dx alone, where nobody wants the others; x_out has as many.
CK_API ck_status ck_dense_backward_data_columns_half(ck_context *ctx, int64_t M, int64_t columns,
                                                     const ck_packed_half_weights *w,
                                                     const ck_half *dz, int64_t lddz,
                                                     const ck_half *x_out, int64_t ldxo,
                                                     ck_activation act, ck_result dx);

/// dw[N,K] (+)= dz[M,N]^T x[M,K] and db[N] (+)= column sums of dz; db may be NULL. With
/// `accumulate` the sums are added to what is there, else they replace it.
CK_API ck_status ck_dense_backward_weights_half(ck_context *ctx, ck_half_format format, int64_t M,
                                                int64_t N, int64_t K, const ck_half *dz,
                                                int64_t lddz, const ck_half *x, int64_t ldx,
                                                float *dw, int64_t lddw, float *db,
                                                bool accumulate);

#ifdef __cplusplus
}
#endif
#endif
