// SPDX-License-Identifier: Apache-2.0

// Swift's runtime ends the process when an allocation fails and reports neither the reason nor the
// size. These functions replace the C library's allocation functions for the program and all of its
// libraries and record refused requests. Otherwise they behave identically.
#include "CMemoryWatch.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic size_t refused_bytes;

size_t cm_refused_bytes(void) { return atomic_load(&refused_bytes); }

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static void *noting(void *memory, size_t size) {
  if (memory == NULL && size > 0)
    atomic_store(&refused_bytes, size);
  return memory;
}

void *malloc(size_t size) { return noting(__libc_malloc(size), size); }

void *calloc(size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total))
    total = (size_t)-1;
  return noting(__libc_calloc(count, size), total);
}

void *realloc(void *memory, size_t size) { return noting(__libc_realloc(memory, size), size); }

void *memalign(size_t alignment, size_t size) {
  return noting(__libc_memalign(alignment, size), size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  return noting(__libc_memalign(alignment, size), size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
    return EINVAL;
  void *found = noting(__libc_memalign(alignment, size), size);
  if (found == NULL && size > 0)
    return ENOMEM;
  *memory = found;
  return 0;
}

#endif
