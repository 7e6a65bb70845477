// SPDX-License-Identifier: Apache-2.0

/// Optimizer steps on flat arrays, and on weights that are packed on the way.
#ifndef CK_OPTIMIZER_H
#define CK_OPTIMIZER_H

#include "ck_dense.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Adam (Kingma and Ba, 2015) as torch.optim.Adam: weight decay is added to the gradient.
typedef struct ck_adam {
  float learning_rate, beta1, beta2, epsilon, weight_decay;
  /// The number of this step, from 1, for the bias correction.
  int64_t step;
} ck_adam;

/// Changes value[n] and the moments m[n], v[n].
CK_API ck_status ck_adam_step_f32(ck_context *ctx, int64_t n, const ck_adam *adam,
                                  const float *gradient, float *m, float *v, float *value);

/// RMSprop as torch.optim.RMSprop without momentum: v = alpha v + (1 - alpha) g^2,
/// value -= learning_rate g / (sqrt(v) + epsilon).
typedef struct ck_rmsprop {
  float learning_rate, alpha, epsilon, weight_decay;
} ck_rmsprop;

CK_API ck_status ck_rmsprop_step_f32(ck_context *ctx, int64_t n, const ck_rmsprop *rmsprop,
                                     const float *gradient, float *v, float *value);

/// The same for weights value[N,K], as many as `packed` holds, which receives the changed ones as
/// ck_packed_weights_update would pack them, while they are in the cache. Rows of all matrices are
/// `ld` apart. O(NK).
CK_API ck_status ck_adam_step_packed_f32(ck_context *ctx, ck_packed_weights *packed,
                                         const ck_adam *adam, const float *gradient, float *m,
                                         float *v, float *value, int64_t ld);
CK_API ck_status ck_rmsprop_step_packed_f32(ck_context *ctx, ck_packed_weights *packed,
                                            const ck_rmsprop *rmsprop, const float *gradient,
                                            float *v, float *value, int64_t ld);

#ifdef __cplusplus
}
#endif
#endif
