// SPDX-License-Identifier: Apache-2.0

// The interface of this module consists of matrices, contexts and activations, so its users need
// them.
@_exported import NumericCore
