// SPDX-License-Identifier: Apache-2.0

/// What the kernels mean: naive loops in double precision, a file for each driver. For tests and
/// for the errors that the bench shows; no context, no threads, no checks. Not part of the library.
///
/// Results in double precision are matrices without padding. `bound` receives for each of them what
/// the kernel's error is measured against.
#ifndef CK_REFERENCE_H
#define CK_REFERENCE_H

#include "CKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The error of a result in units of the last place: the distance of the floats around `exact`, of
/// the least normal ones below them. Zero for what `exact` is flushed to (0 below the least normal
/// float) or rounds to (infinity); infinite where one alone is NaN, or an infinity is wrong.
double ck_reference_ulps(float value, double exact);

double ck_reference_activation(ck_activation act, double z);
/// The derivative, by the output h.
double ck_reference_derivative(ck_activation act, double h);

/// Of a float, a denormal one as zero. The C library's error, below an ulp of a double, is 2^-29 of
/// a float's.
double ck_reference_exp(float x);
double ck_reference_log(float x);
double ck_reference_tanh(float x);

/// As ck_dense_forward_f32; `bound` (may be NULL) receives for each z the sum |x||w| + |b| that its
/// error is measured against.
void ck_reference_dense_forward_f32(int64_t M, int64_t N, int64_t K, const float *x, int64_t ldx,
                                    const float *w, int64_t ldw, const float *b, ck_activation act,
                                    double *y, double *bound);
/// As ck_dense_tangent_f32.
void ck_reference_dense_tangent_f32(int64_t M, int64_t N, int64_t K, const float *q, int64_t ldq,
                                    const float *w, int64_t ldw, const float *h, int64_t ldh,
                                    ck_activation act, double *q_out, double *bound);
/// As ck_dense_backward_data_f32.
void ck_reference_dense_backward_data_f32(int64_t M, int64_t N, int64_t K, const float *dz,
                                          int64_t lddz, const float *w, int64_t ldw,
                                          const float *x_out, int64_t ldxo, ck_activation act,
                                          double *dx, double *bound);
/// As ck_dense_backward_weights_f32 without accumulation; bounds as above, either may be NULL.
void ck_reference_dense_backward_weights_f32(int64_t M, int64_t N, int64_t K, const float *dz,
                                             int64_t lddz, const float *x, int64_t ldx, double *dw,
                                             double *db, double *dw_bound, double *db_bound);

/// As ck_dense_forward_sparse_packed_f32 with weights w[N,K + S] that are not packed; bounds as
/// above.
void ck_reference_dense_forward_sparse_f32(int64_t M, int64_t N, int64_t K, const float *x,
                                           int64_t ldx, const ck_sparse_rows *s, const float *w,
                                           int64_t ldw, const float *b, ck_activation act,
                                           double *y, double *bound);
/// As ck_sparse_backward_weights_f32 without accumulation; bounds as above.
void ck_reference_sparse_backward_weights_f32(int64_t M, int64_t N, int64_t S, const float *dz,
                                              int64_t lddz, const ck_sparse_rows *s, double *dw,
                                              double *bound);

/// As ck_softmax_f32, or with `noise` (else NULL) as ck_gumbel_softmax_f32 on that noise; `bound`
/// receives for each y what its error may come to. Columns outside the spans are not touched.
void ck_reference_softmax_f32(int64_t M, int64_t columns, const float *x, int64_t ldx,
                              const float *noise, int64_t ldnoise, const ck_span *spans,
                              int64_t span_count, float temperature, double *y, double *bound);
/// As ck_softmax_backward_f32; bounds as above.
void ck_reference_softmax_backward_f32(int64_t M, int64_t columns, const float *dy, int64_t lddy,
                                       const float *y, int64_t ldy, const ck_span *spans,
                                       int64_t span_count, float temperature, double *dx,
                                       double *bound);

/// As ck_batch_norm_forward_f32; `bound` receives for each y what its error may come to.
void ck_reference_batch_norm_forward_f32(int64_t M, int64_t N, const float *x, int64_t ldx,
                                         const float *weight, const float *bias, float epsilon,
                                         ck_activation act, double *mean, double *variance,
                                         double *y, double *bound);
/// As ck_batch_norm_backward_f32; bounds as above.
void ck_reference_batch_norm_backward_f32(int64_t M, int64_t N, const float *dy, int64_t lddy,
                                          const float *y, int64_t ldy, const float *x, int64_t ldx,
                                          const float *weight, const float *mean,
                                          const float *inverse_deviation, ck_activation act,
                                          bool fixed, double *dweight, double *dbias, double *dx,
                                          double *dweight_bound, double *dbias_bound,
                                          double *dx_bound);

/// As ck_adam_step_f32 and ck_rmsprop_step_f32 on moments and values in double precision, so that
/// steps can follow each other.
void ck_reference_adam_step(int64_t n, const ck_adam *adam, const float *gradient, double *m,
                            double *v, double *value);
void ck_reference_rmsprop_step(int64_t n, const ck_rmsprop *rmsprop, const float *gradient,
                               double *v, double *value);

/// A block of four words of Philox4x32-10: 128-bit counter, 64-bit key.
void ck_reference_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);
/// Elements of a stream. A uniform number is a float, and the others are made of such floats.
float ck_reference_uniform(ck_random_stream stream, uint64_t index);
double ck_reference_normal(ck_random_stream stream, uint64_t index);
double ck_reference_gumbel(ck_random_stream stream, uint64_t index);

/// The value of a 16-bit code, and the code nearest to a number, ties to the even one; NaN is
/// quiet.
double ck_reference_widen(ck_half_format format, ck_half code);
ck_half ck_reference_round(ck_half_format format, float value);

#ifdef __cplusplus
}
#endif
#endif
