// SPDX-License-Identifier: Apache-2.0

/// Types that all kernels share.
#ifndef CK_TYPES_H
#define CK_TYPES_H

#include "ck_api.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The result of a call. Where it is not CK_OK, nothing has been written.
typedef enum ck_status {
  CK_OK = 0,
  /// A required pointer is NULL.
  CK_ERROR_NULL = 1,
  /// A size is negative, a leading dimension is less than the row, or a size or a number of
  /// elements exceeds 2^48.
  CK_ERROR_SHAPE = 2,
  /// The instruction set is unknown or this machine does not have it.
  CK_ERROR_ISA = 3,
  /// A parameter is outside its range.
  CK_ERROR_VALUE = 4,
  /// Memory could not be allocated.
  CK_ERROR_MEMORY = 5,
  /// An output overlaps another operand in a way that the call does not allow.
  CK_ERROR_OVERLAP = 6,
} ck_status;

/// One sentence on a status.
CK_API const char *ck_status_text(ck_status status);

/// An element-wise function behind a dense layer. Derivatives are expressed by the output h.
typedef enum ck_activation_kind {
  CK_IDENTITY = 0,   ///< h = z
  CK_RELU = 1,       ///< h = max(z, 0)
  CK_LEAKY_RELU = 2, ///< h = z > 0 ? z : slope z, 0 <= slope < 1
  CK_TANH = 3,       ///< h = tanh z
  CK_SIGMOID = 4,    ///< h = 1 / (1 + exp(-z))
  CK_SELU = 5,       ///< Klambauer et al., 2017
} ck_activation_kind;

typedef struct ck_activation {
  ck_activation_kind kind;
  float slope; ///< for CK_LEAKY_RELU
} ck_activation;

/// Adjacent columns of a matrix.
typedef struct ck_span {
  int64_t offset;
  int64_t width;
} ck_span;

/// A stream of random numbers: the value at an index depends on these and the index alone.
typedef struct ck_random_stream {
  uint64_t seed;
  uint64_t step;
  uint32_t purpose;
} ck_random_stream;

#ifdef __cplusplus
}
#endif
#endif
