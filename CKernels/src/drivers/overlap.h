// SPDX-License-Identifier: Apache-2.0

// Outputs that overlap other operands, as far as their addresses show it.
#ifndef CK_OVERLAP_H
#define CK_OVERLAP_H

#include "context.h"

/// The memory of a matrix in bytes: `rows` rows of `width`, `stride` apart. Slices of one matrix by
/// columns lie between each other's rows without a common element, so the gaps don't count.
typedef struct ck_operand {
  uintptr_t base;
  int64_t rows, width, stride;
} ck_operand;

/// NULL has no elements; elsewhere the sizes must have passed ck_check.
static inline ck_operand ck_operand_at(const void *p, size_t element, int64_t rows, int64_t columns,
                                       int64_t ld) {
  int64_t size = (int64_t)element;
  return p == NULL ? (ck_operand){0} : (ck_operand){(uintptr_t)p, rows, columns * size, ld * size};
}

#define CK_MATRIX(p, rows, columns, ld) ck_operand_at(p, sizeof *(p), rows, columns, ld)
#define CK_VECTOR(p, n) CK_MATRIX(p, 1, n, n)

/// CK_ERROR_OVERLAP if one of the first `outputs` operands has an element in common with any other.
ck_status ck_check_apart(int outputs, int count, const ck_operand *operands);

/// The same for a list: CK_CHECK_APART(1, CK_MATRIX(y, M, N, ldy), CK_MATRIX(x, M, K, ldx)).
#define CK_CHECK_APART(outputs, ...)                                                \
  ck_check_apart(outputs, sizeof((ck_operand[]){__VA_ARGS__}) / sizeof(ck_operand), \
                 (ck_operand[]){__VA_ARGS__})

/// CK_ERROR_OVERLAP if an output shares elements with an input of the same shape without being the
/// same matrix: each element may be replaced by the one that is computed from it.
ck_status ck_check_in_place(ck_operand output, ck_operand input);

#endif
