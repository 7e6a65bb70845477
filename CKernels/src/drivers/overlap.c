// SPDX-License-Identifier: Apache-2.0

#include "overlap.h"

/// Bytes from the first to the last element; 0 without elements.
static int64_t extent(ck_operand a) {
  return a.rows > 0 && a.width > 0 ? (a.rows - 1) * a.stride + a.width : 0;
}

/// Whether two operands have a byte in common. O(1) unless they interleave with different strides,
/// then O(rows).
static bool overlap(ck_operand a, ck_operand b) {
  int64_t a_extent = extent(a), b_extent = extent(b);
  // Where a begins, as seen from b.
  int64_t begin = (int64_t)(a.base - b.base);
  if (a_extent == 0 || b_extent == 0 || begin >= b_extent || -begin >= a_extent)
    return false;
  if (a.stride == b.stride) {
    // Row r of a lies to row q of b as row 0 does to row q - r, so one row of a is compared with b
    // and as many rows in front of it.
    int64_t others = a.rows - 1;
    begin += others * b.stride;
    b.rows += others;
    a.rows = 1;
  }
  for (int64_t r = 0; r < a.rows; r++, begin += a.stride) {
    // The first row of b that ends after this one begins.
    int64_t row = begin < b.width ? 0 : (begin - b.width) / b.stride + 1;
    if (row < b.rows && row * b.stride < begin + a.width)
      return true;
  }
  return false;
}

ck_status ck_check_apart(int outputs, int count, const ck_operand *operands) {
  for (int i = 0; i < outputs; i++)
    for (int j = i + 1; j < count; j++)
      if (overlap(operands[i], operands[j]))
        return CK_ERROR_OVERLAP;
  return CK_OK;
}

ck_status ck_check_in_place(ck_operand output, ck_operand input) {
  bool alike = output.width == input.width && (output.stride == input.stride || output.rows <= 1);
  if (output.base == input.base && alike)
    return CK_OK;
  return overlap(output, input) ? CK_ERROR_OVERLAP : CK_OK;
}
