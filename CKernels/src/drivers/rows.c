#include "rows.h"

typedef struct rows_call {
  int64_t rows, grain;
  ck_rows_body body;
  const void *job;
} rows_call;

static void rows_member(void *argument, int member, int members) {
  const rows_call *call = argument;
  int64_t first, last;
  ck_share(call->rows, call->grain, member, members, &first, &last);
  if (first < last)
    call->body(call->job, first, last);
}

void ck_run_rows(ck_context *ctx, int64_t rows, int64_t grain, double nanoseconds,
                 ck_rows_body body, const void *job) {
  rows_call call = {rows, grain, body, job};
  ck_team_run(ctx->team, ck_threads_for(ctx, nanoseconds), rows_member, &call);
}
