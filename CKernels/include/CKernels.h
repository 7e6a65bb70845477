// SPDX-License-Identifier: Apache-2.0

/// CKernels: fused dense + activation kernels for training small networks on CPUs.
///
///     #include "CKernels.h"
///
///     ck_context *ctx;
///     if (ck_context_create(NULL, &ctx) != CK_OK) return 1;   // all CPUs, best instruction set
///     // y[64,32] = relu(x[64,48] w[32,48]^T + b[32])
///     ck_activation relu = {CK_RELU, 0};
///     ck_dense_forward_f32(ctx, 64, 32, 48, x, 48, w, 48, b, relu, y, 32);
///     ck_context_destroy(ctx);
///
/// Shapes, once for all headers: M rows of a batch, N outputs, K inputs. Matrices are row-major
/// with a leading dimension (the distance between rows in elements); weights are [N][K], as in
/// PyTorch. Every call takes a context and returns a status; nothing is global and nothing is
/// printed.
///
/// Outputs must not overlap each other or an input, except where a call allows it: else it returns
/// CK_ERROR_OVERLAP. Slices of one matrix by columns do not overlap unless they share elements.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ck_version.h"
#include "ck_types.h"
#include "ck_context.h"
#include "ck_dense.h"
#include "ck_dense_half.h"
#include "ck_sparse.h"
#include "ck_elementwise.h"
#include "ck_batch_norm.h"
#include "ck_optimizer.h"
#include "ck_random.h"
#include "ck_convert.h"

#endif
