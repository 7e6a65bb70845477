// SPDX-License-Identifier: Apache-2.0

// In what format operands are multiplied. There are three:
//
// - f32: the level's kernels read operands in place;
// - 16 bits, widened: operands become f32 in the cache, for the same kernels;
// - 16 bits, in pairs: kernels of their own, for instructions that multiply 16-bit operands.
#ifndef CK_OPERAND_FORMAT_H
#define CK_OPERAND_FORMAT_H

#include "../dispatch/kernel_table.h"
#include "../dispatch/half_kernels.h"
#include "costs.h"

/// A level's conversions of a 16-bit format.
typedef struct ck_half_conversion {
  void (*widen)(int64_t n, const ck_half *x, float *y);
  void (*round)(int64_t n, const float *x, ck_half *y);
} ck_half_conversion;

typedef struct ck_operand_format {
  /// Bytes of an element.
  size_t size;
  /// Of the kernels that multiply.
  int64_t panel_width, tile_rows;
  /// The level's: for f32 and for widened operands.
  const ck_kernel_table *kernels;
  /// Those for pairs, or NULL.
  const ck_half_kernels *pairs;
  /// To f32 and back; NULL in f32.
  ck_half_conversion convert;
  double flops_per_ns;
} ck_operand_format;

static inline ck_operand_format ck_format_f32(const ck_kernel_table *kernels) {
  return (ck_operand_format){
      .size = sizeof(float),
      .panel_width = kernels->panel_width,
      .tile_rows = kernels->tile_rows,
      .kernels = kernels,
      .flops_per_ns = CK_FLOPS_PER_NS,
  };
}

/// `pairs` may be NULL: widened.
static inline ck_operand_format ck_format_half(const ck_kernel_table *kernels,
                                               const ck_half_kernels *pairs,
                                               ck_half_conversion convert) {
  return (ck_operand_format){
      .size = sizeof(ck_half),
      .panel_width = pairs ? pairs->panel_width : kernels->panel_width,
      .tile_rows = pairs ? pairs->tile_rows : kernels->tile_rows,
      .kernels = kernels,
      .pairs = pairs,
      .convert = convert,
      .flops_per_ns = pairs ? CK_PAIR_FLOPS_PER_NS : CK_FLOPS_PER_NS,
  };
}

static inline bool ck_is_half(const ck_operand_format *format) {
  return format->convert.widen != NULL;
}

/// Whether operands become f32 before they are multiplied.
static inline bool ck_is_widened(const ck_operand_format *format) {
  return ck_is_half(format) && format->pairs == NULL;
}

/// Element `index` of an operand.
static inline const void *ck_element(const ck_operand_format *format, const void *p,
                                     int64_t index) {
  return (const char *)p + index * (int64_t)format->size;
}

/// Panels of `columns` columns.
static inline int64_t ck_panels(int64_t columns, int64_t width) {
  return (columns + width - 1) / width;
}

/// Floats that a packed panel takes: [depth][width], or [ceil(depth / 2)][width][2] 16-bit values.
static inline int64_t ck_panel_floats(const ck_operand_format *format, int64_t depth) {
  return (format->pairs ? (depth + 1) / 2 : depth) * format->panel_width;
}

#endif
