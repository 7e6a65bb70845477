// SPDX-License-Identifier: Apache-2.0

import CKernels
import Testing

/// Wrong calls are refused with a status; nothing crashes and nothing is written.
@Suite struct StatusTests {
  @Test func contexts() {
    #expect(ck_context_create(nil, nil) == CK_ERROR_NULL)
    var context: OpaquePointer?
    var options = ck_context_options(threads: -1, isa: -1)
    #expect(ck_context_create(&options, &context) == CK_ERROR_VALUE)
    options = ck_context_options(threads: 1, isa: 99)
    #expect(ck_context_create(&options, &context) == CK_ERROR_ISA)
    #expect(context == nil)
    #expect(ck_isa_name(ck_isa(rawValue: 99)) == nil)
    #expect(!ck_isa_available(ck_isa(rawValue: 99)))
    ck_context_destroy(nil)
  }

  @Test func version() {
    #expect(
      ck_version() == CK_VERSION_MAJOR * 10000 + CK_VERSION_MINOR * 100 + CK_VERSION_PATCH)
  }

  @Test func sharedLoops() throws {
    let owner = try TestContext(isa: CK_ISA_PORTABLE)
    func share(_ context: OpaquePointer?, _ count: Int64, _ grain: Int64) -> ck_status {
      ck_context_share(context, count, grain, 1, { _, _, _ in }, nil)
    }
    #expect(share(owner.pointer, 4, 1) == CK_OK && share(owner.pointer, 0, 16) == CK_OK)
    #expect(share(nil, 4, 1) == CK_ERROR_NULL)
    #expect(share(owner.pointer, -1, 1) == CK_ERROR_SHAPE)
    #expect(share(owner.pointer, 4, 0) == CK_ERROR_VALUE)
    #expect(ck_context_share(owner.pointer, 4, 1, 1, nil, nil) == CK_ERROR_NULL)
  }

  @Test func shapes() throws {
    let owner = try TestContext(isa: CK_ISA_PORTABLE)
    defer { withExtendedLifetime(owner) {} }
    let context = owner.pointer
    let relu = ck_activation.all[1]
    let x = [Float](repeating: 1, count: 16)
    var y: [Float] = Array(repeating: 7, count: 16)
    func forward(
      _ m: Int64, _ n: Int64, _ k: Int64, ldx: Int64 = 4, ldw: Int64 = 4, ldy: Int64 = 4,
      act: ck_activation = ck_activation.all[1]
    ) -> ck_status {
      ck_dense_forward_f32(context, m, n, k, x, ldx, x, ldw, nil, act, &y, ldy)
    }
    #expect(forward(4, 4, 4) == CK_OK)
    y = Array(repeating: 7, count: 16)
    #expect(forward(-1, 4, 4) == CK_ERROR_SHAPE)
    #expect(forward(4, -1, 4) == CK_ERROR_SHAPE)
    #expect(forward(4, 4, -1) == CK_ERROR_SHAPE)
    #expect(forward(4, 4, 4, ldx: 3) == CK_ERROR_SHAPE)
    #expect(forward(4, 4, 4, ldw: 3) == CK_ERROR_SHAPE)
    #expect(forward(4, 4, 4, ldy: 3) == CK_ERROR_SHAPE)
    #expect(forward(.max / 8, 4, 4) == CK_ERROR_SHAPE)
    #expect(forward(4, 4, 4, act: ck_activation(kind: CK_LEAKY_RELU, slope: 1)) == CK_ERROR_VALUE)
    #expect(
      forward(4, 4, 4, act: ck_activation(kind: CK_LEAKY_RELU, slope: .nan)) == CK_ERROR_VALUE)
    #expect(
      forward(4, 4, 4, act: ck_activation(kind: ck_activation_kind(rawValue: 42), slope: 0))
        == CK_ERROR_VALUE)
    #expect(ck_dense_forward_f32(nil, 4, 4, 4, x, 4, x, 4, nil, relu, &y, 4) == CK_ERROR_NULL)
    #expect(ck_dense_forward_f32(context, 4, 4, 4, nil, 4, x, 4, nil, relu, &y, 4) == CK_ERROR_NULL)
    #expect(ck_dense_forward_f32(context, 4, 4, 4, x, 4, nil, 4, nil, relu, &y, 4) == CK_ERROR_NULL)
    #expect(ck_dense_forward_f32(context, 4, 4, 4, x, 4, x, 4, nil, relu, nil, 4) == CK_ERROR_NULL)
    #expect(y == Array(repeating: 7, count: 16), "a refused call has written")
    // Nothing to do is no error, whatever the pointers.
    #expect(ck_dense_forward_f32(context, 0, 4, 4, nil, 4, x, 4, nil, relu, nil, 4) == CK_OK)
  }

  @Test func parameters() throws {
    let owner = try TestContext(isa: CK_ISA_PORTABLE)
    defer { withExtendedLifetime(owner) {} }
    let context = owner.pointer
    var y: [Float] = [1, 2, 3, 4]
    let x = y
    let span = [ck_span(offset: 0, width: 4)]
    for temperature: Float in [0, -1, .nan, .infinity] {
      #expect(ck_softmax_f32(context, 1, x, 4, span, 1, temperature, &y, 4) == CK_ERROR_VALUE)
    }
    #expect(
      ck_softmax_f32(context, 1, x, 4, [ck_span(offset: 2, width: 3)], 1, 1, &y, 4)
        == CK_ERROR_SHAPE)
    #expect(
      ck_softmax_f32(context, 1, x, 4, [ck_span(offset: -1, width: 2)], 1, 1, &y, 4)
        == CK_ERROR_SHAPE)
    #expect(ck_softmax_f32(context, 1, x, 4, nil, 1, 1, &y, 4) == CK_ERROR_NULL)
    var (m, v) = (y, y)
    var adam = ck_adam(
      learning_rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0, step: 0)
    #expect(ck_adam_step_f32(context, 4, &adam, x, &m, &v, &y) == CK_ERROR_VALUE)
    adam.step = 1
    adam.beta2 = 1
    #expect(ck_adam_step_f32(context, 4, &adam, x, &m, &v, &y) == CK_ERROR_VALUE)
    #expect(ck_adam_step_f32(context, 4, nil, x, &m, &v, &y) == CK_ERROR_NULL)
    #expect(y == x, "a refused call has written")
    #expect(ck_exp_f32(context, -1, x, &y) == CK_ERROR_SHAPE)
    for status in [
      CK_OK, CK_ERROR_NULL, CK_ERROR_SHAPE, CK_ERROR_ISA, CK_ERROR_VALUE, CK_ERROR_MEMORY,
      CK_ERROR_OVERLAP,
    ] {
      #expect(String(cString: ck_status_text(status)).count > 5)
    }
  }

  @Test(.enabled(if: ck_isa_available(CK_ISA_AVX2), "this machine has no AVX2"))
  func packedWeightsBelongToALevel() throws {
    let wide = try TestContext(isa: CK_ISA_AVX2)
    let half = try TestContext(isa: CK_ISA_PORTABLE)
    var packed: OpaquePointer?
    #expect(ck_packed_weights_create(wide.pointer, 4, 4, &packed) == CK_OK)
    defer { ck_packed_weights_destroy(packed) }
    let x = [Float](repeating: 1, count: 16)
    var y = x
    #expect(ck_packed_weights_update(half.pointer, packed, x, 4) == CK_ERROR_ISA)
    #expect(
      ck_dense_forward_packed_f32(
        half.pointer, 4, packed, x, 4, nil, ck_activation.all[0], &y, 4) == CK_ERROR_ISA)
    var (m, v) = (x, x)
    var adam = ck_adam(
      learning_rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0, step: 1)
    #expect(
      ck_adam_step_packed_f32(half.pointer, packed, &adam, x, &m, &v, &y, 4) == CK_ERROR_ISA)
    #expect(ck_adam_step_packed_f32(wide.pointer, nil, &adam, x, &m, &v, &y, 4) == CK_ERROR_NULL)
    #expect(
      ck_adam_step_packed_f32(wide.pointer, packed, &adam, x, &m, &v, &y, 3) == CK_ERROR_SHAPE)
    #expect(y == x && m == x && v == x, "a refused call has written")
    #expect(ck_packed_weights_create(wide.pointer, -1, 4, &packed) == CK_ERROR_SHAPE)
  }
}
