// SPDX-License-Identifier: Apache-2.0

#ifndef CK_HALF_PATH_H
#define CK_HALF_PATH_H

#include "context.h"

/// The way this context multiplies a format; the first call measures.
const ck_half_execution *ck_half_execution_of(ck_context *ctx, ck_half_format format);

static inline ck_status ck_check_format(ck_half_format format) {
  return (int)format < 0 || format >= CK_HALF_FORMAT_COUNT ? CK_ERROR_VALUE : CK_OK;
}

/// A level's conversions of a format.
static inline ck_half_conversion ck_conversion_of(const ck_kernel_table *kernels,
                                                  ck_half_format format) {
  return format == CK_BF16
             ? (ck_half_conversion){kernels->convert_bf16_to_f32, kernels->convert_f32_to_bf16}
             : (ck_half_conversion){kernels->convert_f16_to_f32, kernels->convert_f32_to_f16};
}

#endif
