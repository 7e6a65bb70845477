// SPDX-License-Identifier: Apache-2.0

// Rows of few entries beside or in the place of dense ones.
#ifndef CK_SPARSE_ROWS_H
#define CK_SPARSE_ROWS_H

#include "costs.h"
#include "overlap.h"

/// CK_OK where all entries of so many rows are within `columns`.
ck_status ck_check_sparse(const ck_sparse_rows *s, int64_t rows, int64_t columns);

/// The entries' columns and their values as operands; without elements where `s` is NULL.
static inline ck_operand ck_sparse_columns(const ck_sparse_rows *s, int64_t rows) {
  return s ? CK_MATRIX(s->columns, rows, s->entries, s->entries) : (ck_operand){0};
}
static inline ck_operand ck_sparse_values(const ck_sparse_rows *s, int64_t rows) {
  return s ? CK_MATRIX(s->values, rows, s->entries, s->entries) : (ck_operand){0};
}

/// The dense columns that cost as much as a row's entries.
static inline double ck_sparse_depth(const ck_sparse_rows *s) {
  return s == NULL ? 0 : CK_COLUMNS_PER_ENTRY * (double)s->entries;
}

/// Rows row0..<row1 times a panel whose row `first` is for column 0; where the result goes is left
/// open.
static inline ck_sparse_block ck_sparse_block_of(const ck_sparse_rows *s, int64_t row0,
                                                 int64_t row1, int64_t first, const void *panel,
                                                 ck_activation act) {
  return (ck_sparse_block){
      .rows = row1 - row0,
      .entries = s->entries,
      .index = s->columns + row0 * s->entries,
      .value = s->values + row0 * s->entries,
      .first = first,
      .panel = panel,
      .act = act,
  };
}

#endif
