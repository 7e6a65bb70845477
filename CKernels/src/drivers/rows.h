// SPDX-License-Identifier: Apache-2.0

// Element-wise work on the rows of matrices, shared out by rows.
#ifndef CK_ROWS_H
#define CK_ROWS_H

#include "context.h"

/// Calls `body` for ranges [first, last) of `rows`, on the team if the total of `nanoseconds` is
/// worth it; does nothing if there are no columns.
typedef void (*ck_rows_body)(const void *job, int64_t first, int64_t last);
void ck_run_rows(ck_context *ctx, int64_t rows, int64_t columns, int64_t grain, double nanoseconds,
                 ck_rows_body body, const void *job);

/// Sets an R x C matrix to zero.
void ck_clear_rows(int64_t rows, int64_t columns, float *p, int64_t ld);

#endif
