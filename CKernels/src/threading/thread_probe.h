// Whether the system has threads to give.
#ifndef CK_THREAD_PROBE_H
#define CK_THREAD_PROBE_H

/// How many of `threads` threads, the caller among them, the process can have now beside those that
/// it has: tried out, by making them. At least 1. Leaves room for what a runtime needs beside them.
int ck_threads_available(int threads);

#endif
