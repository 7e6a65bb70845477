// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import Tabular

// Checks of a description beyond the decoders of its parts: bounds of the settings, and consistency
// between the parts.
extension ModelFile.Description {
  /// The reason, with the field's name, why training cannot have written this; nil if it is valid.
  var validationProblem: String? {
    do throws(TrainingError) {
      try configuration.validate()
    } catch {
      guard case .configuration(let text) = error else { return "'configuration': \(error)" }
      return "'configuration': \(text)"
    }
    let (names, known) = (schema.columns.map(\.name), Set(encoder.columnNames))
    guard !names.isEmpty, Set(names).count == names.count, known.isSuperset(of: names) else {
      return "'schema' has other columns than 'encoder', or one twice"
    }
    if let problem = derived.problem(in: encoder) { return "'derived': \(problem)" }
    guard encoder.width > 0 else { return "'encoder.columns' leaves nothing to generate" }
    guard conditions == nil || configuration.conditional else {
      return "'conditions' belong to a conditional generator, which 'configuration' has not"
    }
    if let conditions, let validationProblem = conditions.validationProblem(rowSpans: encoder.spans)
    {
      return validationProblem
    }
    return outlineProblem ?? training.validationProblem.map { "'training': \($0)" }
      ?? resamplingProblem
  }

  private var outlineProblem: String? {
    let sizes = [
      ("encodedWidth", outline.encodedWidth, encoder.width),
      ("noiseWidth", outline.noiseWidth, configuration.generator.noiseWidth),
      ("conditionWidth", outline.conditionWidth, conditions?.width ?? 0),
    ]
    for (name, found, expected) in sizes where found != expected {
      return "'outline.\(name)' must be \(expected), not \(found)"
    }
    let counts = [
      ("rows", outline.rows), ("batchSize", outline.batchSize),
      ("batchesPerEpoch", outline.batchesPerEpoch),
      ("generatorParameters", outline.generatorParameters),
      ("discriminatorParameters", outline.discriminatorParameters),
    ]
    return counts.first { $0.1 < 1 }.map { "'outline.\($0.0)' must be positive, not \($0.1)" }
  }

  private var resamplingProblem: String? {
    guard let ratioSlope else {
      if raking != nil { return "'raking' corrects a density ratio, and there is none" }
      return acceptance == nil ? nil : "'acceptance' without a density ratio"
    }
    guard configuration.resampling != nil else { return "a density ratio without its settings" }
    guard ratioSlope.isFinite else { return "'ratioSlope' must be finite, not \(ratioSlope)" }
    guard let acceptance else { return "a density ratio without 'acceptance'" }
    guard acceptance.ratioBound.isFinite, acceptance.bound.isFinite else {
      return "the bounds of 'acceptance' must be finite"
    }
    for (index, marginal) in (raking?.marginals ?? []).enumerated() {
      if let validationProblem = marginal.subject.validationProblem(in: encoder, derived: derived) {
        return "'raking.marginals[\(index)]': \(validationProblem)"
      }
    }
    return nil
  }

  /// The number of columns of the networks' inputs that are conditions.
  var conditionWidth: Int { conditions?.width ?? 0 }

  /// The layout of the discriminator's inputs.
  var packs: BatchAssembler {
    BatchAssembler(
      rowWidth: encoder.width, conditionWidth: conditionWidth,
      rowsPerPack: configuration.discriminator.rowsPerPack,
      features: derived.map(in: encoder)?
        .weighted(by: configuration.discriminator.featureWeight))
  }

  /// The tensors that each weight file must have, known before a network is created.
  var weightShapes: [(file: String, shapes: [TensorShape])] {
    var files: [(file: String, shapes: [TensorShape])] = [
      (
        ModelFile.generator,
        GeneratorBuilder.tensorShapes(
          of: configuration.generator,
          inputs: configuration.generator.noiseWidth + conditionWidth, outputs: encoder.width)
      ),
      (
        ModelFile.discriminator,
        MultilayerPerceptron.tensorShapes(
          name: Discriminator.name, inputs: packs.packWidth,
          hidden: configuration.discriminator.hidden)
      ),
    ]
    if ratioSlope != nil, let resampling = configuration.resampling {
      files.append(
        (
          ModelFile.ratio,
          MultilayerPerceptron.tensorShapes(
            name: DensityRatio.name,
            inputs: RatioInputs(encoder: encoder, derived: derived, bins: resampling.bins).width,
            hidden: resampling.hidden)
        ))
    }
    return files
  }
}

extension TrainingMetrics {
  /// The reason, with the field's name, why no run can have these metrics; nil if they are valid.
  var validationProblem: String? {
    // Far beyond what is possible, but without overflow.
    let maximum = 1 << 56
    for (name, count) in [("step", step), ("epoch", epoch), ("rowsSeen", rowsSeen)] {
      guard (0...maximum).contains(count) else {
        return "\(name) must lie in 0...2^56, not be \(count)"
      }
    }
    guard (0...1e12).contains(seconds) else {
      return "seconds must lie in 0...1e12, not be \(seconds)"
    }
    guard (0...1).contains(progress) else {
      return "progress must lie in 0...1, not be \(progress)"
    }
    let losses = [discriminatorLoss, generatorLoss, probabilityReal, probabilityGenerated]
    return losses.allSatisfy(\.isFinite) ? nil : "losses and probabilities must be finite"
  }
}
