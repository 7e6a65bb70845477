// Notices requests for memory that the system has refused.
#ifndef C_MEMORY_WATCH_H
#define C_MEMORY_WATCH_H

#include <stddef.h>

/// Bytes of the last request for memory that was refused; 0 where none was. May be called in a
/// signal handler. Where the C library is not glibc it is always 0.
size_t cm_refused_bytes(void);

#endif
