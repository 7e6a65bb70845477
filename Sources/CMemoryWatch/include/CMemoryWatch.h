// SPDX-License-Identifier: Apache-2.0

// Records memory requests that the system refused.
#ifndef C_MEMORY_WATCH_H
#define C_MEMORY_WATCH_H

#include <stddef.h>

/// The size in bytes of the last memory request that was refused, or 0. Safe to call in a signal
/// handler. Always 0 if the C library is not glibc, or with an address or thread sanitizer.
size_t cm_refused_bytes(void);

#endif
