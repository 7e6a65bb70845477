// The layers' interface is made of matrices, contexts and activations: whoever imports this module
// needs them.
@_exported import NumericCore
