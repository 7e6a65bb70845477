#ifndef CK_BF16_PATH_H
#define CK_BF16_PATH_H

#include "context.h"

/// The way this context multiplies bfloat16; the first call measures.
ck_bf16_path ck_bf16_path_of(ck_context *ctx);

#endif
