// SPDX-License-Identifier: Apache-2.0

/* Threads that start together and are timed from the first start to the last end. */
#ifndef CBENCH_TEAM_H
#define CBENCH_TEAM_H

/* Runs body(argument, index) on `threads` threads. Seconds, or 0 if they cannot be had or a body
 * returned non-zero (memory that is not to be had, say). `prepare` runs first, untimed; both may
 * use the slot that belongs to their index. */
double probe_team_run(int threads, int (*prepare)(void *argument, int index),
                      void (*body)(void *argument, int index),
                      void (*release)(void *argument, int index), void *argument);

#endif
