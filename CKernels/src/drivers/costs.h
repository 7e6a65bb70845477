// SPDX-License-Identifier: Apache-2.0

// What work takes on one thread, to decide how many threads are worth waking for it. The estimates
// decide speed alone: no bit of a result depends on them.
//
// CK_NS_... are nanoseconds for one element unless said otherwise. In brackets: what `portable` and
// AVX-512 take on a Zen 4 (`bench run --threads 1`, operands in L2). One estimate serves all
// levels, so it is near `portable`: a level that is three times as fast gets its second thread at
// work that takes a third of the time.
#ifndef CK_COSTS_H
#define CK_COSTS_H

// Threads. A call takes as many as have at least this much work each, in nanoseconds.

/// Without a session: an empty parallel region takes 34 microseconds (`bench run`).
#define CK_NS_WORTH_A_REGION 50e3
/// In a session whose threads have no CPU each: they sleep, and waking one takes microseconds.
#define CK_NS_WORTH_A_WAKE 10e3
/// In a session: an empty call takes 0.2 microseconds.
#define CK_NS_WORTH_A_BARRIER 2e3
/// Each of more threads than there are CPUs: a fraction of the scheduler's time slice, which is
/// milliseconds.
#define CK_NS_WORTH_A_SLICE 200e3

// Products.

/// Floating-point operations in a nanosecond: the peak of `portable` on a Zen 4 (59), half of that
/// of AVX2 and AVX-512 (118).
#define CK_FLOPS_PER_NS 60.0
/// The same by instructions for pairs of 16-bit operands, twice as many to an instruction.
#define CK_PAIR_FLOPS_PER_NS 120.0
/// Instructions for 16-bit operands are used where their rate is this much higher than f32's:
/// operands have to be arranged in pairs for them.
#define CK_WORTH_PAIRS 1.1
/// Dense columns that take as long as an entry of a sparse row, whose row of the panel lies
/// anywhere.
#define CK_COLUMNS_PER_ENTRY 4.0
/// For each output, an entry or a column of the gradient of sparse rows' weights.
#define CK_NS_SPARSE_GRADIENT 0.05
/// A weight in both layouts.
#define CK_NS_PACK 0.3

// Element by element.

#define CK_NS_PIECEWISE_LINEAR 0.3    // [0.17 to 0.09]
#define CK_NS_TRANSCENDENTAL 2.0      // tanh, sigmoid, SELU [2.7 to 0.3]; exp, log [1.7 to 0.2]
#define CK_NS_DERIVATIVE 0.4          // by the output [0.19 to 0.13; in memory 0.38 to 0.3]
#define CK_NS_SOFTMAX 3.0             // [2.2 to 0.7]
#define CK_NS_SOFTMAX_BACKWARD 1.0    // [1.2 to 0.3]
#define CK_NS_BATCH_NORM_FORWARD 0.3  // [0.41 to 0.17]
#define CK_NS_BATCH_NORM_BACKWARD 0.4 // [0.96 to 0.34]
#define CK_NS_OPTIMIZER 0.8           // [0.76 to 0.3]
#define CK_NS_OPTIMIZER_AND_PACK 1.1  // the same and CK_NS_PACK
#define CK_NS_UNIFORM 2.0             // [1.3 to 0.4]
#define CK_NS_NORMAL 4.0              // Gumbel, too [3.5 to 0.9]
#define CK_NS_CONVERT 0.3             // [0.52 to 0.05]
#define CK_NS_CONVERT_ROWS 0.2        // the same, where both operands are a layer's

#endif
