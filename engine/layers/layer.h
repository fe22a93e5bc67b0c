// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/core/rng.h"
#include "engine/core/shape.h"
#include "engine/core/workers.h"
#include "engine/math/channel_map.h"
#include "engine/schema/schema.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace strata {

/// One weight array of a layer, in Keras's get_weights() order (trainable ones first, then the others).
struct WeightSpec {
    std::string name{};               ///< Keras's: "kernel", "bias", "gamma", "moving_mean"
    std::vector<std::int64_t> dims{}; ///< Keras's layout, row-major: HWIO for kernels
    TypedParams initializer{};        ///< a member of initializerFamily()
    bool trainable = true;
    std::optional<TypedParams> regularizer{}; ///< added to the loss by the trainer
    std::optional<TypedParams> constraint{};  ///< applied after each step by the trainer
    std::int64_t count() const;
};

/// How far one output value sees along height and width: the receptive field of a chain follows from these.
struct ReceptiveStep {
    std::int64_t windowH = 1, windowW = 1; ///< in input cells, dilation included
    std::int64_t strideH = 1, strideW = 1;
    bool global = false; ///< every output sees the whole input (Dense after Flatten, global pooling)
};

/// All that can be said of a layer before it runs. Badge, parameter count, memory estimate, allocator and
/// checkpoint read this, so they cannot disagree. Sizes are numbers of floats.
struct LayerPlan {
    Shape output;
    std::vector<WeightSpec> weights;
    std::int64_t macs = 0; ///< multiply-accumulates of one sample's forward pass
    ReceptiveStep receptive;

    std::int64_t savedPerSample = 0; ///< kept from forward to backward, for each sample
    std::int64_t savedPerBatch = 0;  ///< kept from forward to backward, once
    bool savedInInference =
        false; ///< the samples' saved memory is needed by forward itself, also when not training
    std::int64_t sharedScratch = 0;    ///< valid during one call, one for all workers
    std::int64_t scratchPerWorker = 0; ///< valid during one call
    std::int64_t scratchPerChunk = 0; ///< valid during one call; partial sums that are reduced in chunk order

    bool backwardReadsInput = true;
    bool backwardReadsOutput = true;
    /// The layer is a ChunkedLayer; it may gather.
    bool byChunks = false, gathers = false;
    /// The output may lie over an input of its shape.
    bool inPlace = false;
    /// It is max(x, 0) and nothing else. / It can do that to its own output: see Pass::relu.
    bool isRelu = false, takesRelu = false;
    bool readsOutputBehindRelu = false; ///< with Pass::relu backward reads the output

    /// One input's gradient may lie over the output's.
    bool gradientInPlace = false;

    /// What neighbours may leave to each other, so that values pass through memory once less.
    struct Fusion {
        /// It need not write its output: the reader does with its input what savedBatch says, (2, channels) scale and
        /// shift, and the relu. / It does that to each of its inputs; also with the relu.
        bool leavesMap = false, takesMap = false, takesMapRelu = false;
        /// It need not write its input's gradient: the layer before does with outputGrad what savedBatch says,
        /// behind scale and shift: (4, channels) a, b, c of GradientMap and the sums of the result over the batch.
        /// / It does that.
        bool leavesGradientMap = false, takesGradientMap = false;
        bool addsGradient = false;   ///< see Pass::addToInputGrad
        bool sharesGradient = false; ///< all its inputs' gradients may be its output's, in the same place
        /// Its last step is a relu, whose backward pass its only reader may do. / It does that for its input.
        bool leavesReluGradient = false, takesReluGradient = false;
    } fusion;
    bool viewOfInput = false; ///< output has the input's bytes: nothing is copied (Flatten, Reshape)
    /// The last thing this layer does is a softmax over the last axis (an activation="softmax" or a Softmax
    /// layer): then a cross-entropy may hand back the gradient with respect to the softmax's input
    /// (Pass::gradSkipsSoftmax).
    bool endsInSoftmax = false;
    /// What the layer's output adds to the loss, divided by the number of samples; the network adds its gradient to
    /// outputGrad before backward.
    std::optional<TypedParams> activityRegularizer{};
};

/// A batch of values: (N, shape...), contiguous. data is null where nobody wants the array (an unwanted
/// gradient).
struct Tensor {
    float* data = nullptr;
    Shape shape;            ///< of one sample
    std::int64_t count = 0; ///< floats a sample
    float* sample(std::int64_t n) const { return data + n * count; }
};

/// Everything a layer may touch during one call. The network owns all of it; nothing is allocated by a layer.
struct Pass {
    std::int64_t batch = 0;  ///< N: samples in this call, at most what the network was compiled for
    std::int64_t chunks = 0; ///< into how many fixed parts the batch is cut: batchChunks(batch)
    bool training = false;
    bool frozen =
        false; ///< the layer's `trainable` is off: BatchNormalization then works as in inference, as in Keras
    RngKey rng; ///< seed, stream (this layer) and step are set; a layer sets `sample` to the number of the
                ///< sample
    std::int64_t firstSample = 0; ///< what the first sample of this batch is called in `rng`

    std::span<const Tensor> inputs;
    Tensor output;
    std::span<const Tensor> inputGrads; ///< backward: to be overwritten; data null = not wanted
    Tensor outputGrad; ///< backward: read; a layer may also overwrite it (it is used by nobody else)
    bool relu = false; ///< the layer does the relu that follows: output is behind it, and so is outputGrad
    std::span<const math::ChannelMap> maps; ///< one an input: to be done to it first; empty: nothing is
    bool leavesOutput = false;     ///< the reader does what this layer does (its LayerPlan::Fusion::leavesMap)
    bool leavesInputGrad = false;  ///< likewise (leavesGradientMap): outputGrad is the place of the input's gradient
    math::GradientMap gradientMap; ///< backward: to be done to outputGrad first; its y is the output
    const float* gradientSums = nullptr; ///< with gradientMap: the sums of what it makes, one a channel
    bool addToInputGrad = false;         ///< backward: inputGrads[0] is added to, not overwritten
    bool gradSkipsSoftmax = false; ///< backward: outputGrad is with respect to the final softmax's input
    bool leavesReluGradient = false; ///< backward: outputGrad is with respect to what the final relu gets
    bool takesReluGradient = false;  ///< the input is the output of a relu, whose backward pass is done here too

    std::span<float* const> weights;     ///< one pointer a WeightSpec
    std::span<float* const> weightGrads; ///< backward: to be overwritten; null = frozen or not trainable

    float* saved = nullptr;         ///< (N, savedPerSample); null in a network that only infers
    float* savedBatch = nullptr;    ///< (savedPerBatch)
    float* sharedScratch = nullptr; ///< (sharedScratch)
    float* workerScratch = nullptr; ///< (workers, scratchPerWorker)
    float* chunkScratch = nullptr;  ///< (chunks, scratchPerChunk)
    std::int64_t savedPerSample = 0, scratchPerWorker = 0, scratchPerChunk = 0;
    Workers* workers = nullptr;

    float* savedOf(std::int64_t sample) const { return saved + sample * savedPerSample; }
    float* scratchOf(int worker) const { return workerScratch + worker * scratchPerWorker; }
    float* chunkOf(std::int64_t chunk) const { return chunkScratch + chunk * scratchPerChunk; }
    ChunkRange samplesOf(std::int64_t chunk) const { return chunkRange(batch, chunks, chunk); }
};

/// The running part of a layer, made for known shapes. It holds no tensors, only its geometry.
/// Results of a sample do not depend on the number of threads nor (but for BatchNormalization in training) on
/// the other samples of the batch.
class Layer {
public:
    virtual ~Layer() = default;
    /// requires: inputs, output, weights, saved and scratch set up as planned
    /// ensures: output overwritten; saved holds what backward needs when pass.training
    virtual void forward(const Pass& pass) = 0;
    /// requires: a forward of the same batch with training = true came before (a frozen BatchNormalization
    /// excepted) ensures: every non-null inputGrads and weightGrads overwritten (not added to)
    virtual void backward(const Pass& pass) = 0;
};

/// A configuration that the generic tests, the help page and `strata layers` run and show.
struct LayerExample {
    std::string title;
    ParamMap params;
    std::vector<Shape> inputs;
};

/// Where the window of one output cell lies on the input: for "why this shape?" and the microscope.
struct WindowGeometry {
    std::int64_t kernelH = 1, kernelW = 1, strideH = 1, strideW = 1, dilationH = 1, dilationW = 1;
    std::int64_t padTop = 0, padBottom = 0, padLeft = 0, padRight = 0;
};

/// A layer as the rest of the program knows it: a file in this folder exports exactly one.
struct LayerType {
    Schema schema;
    int minInputs = 1;
    int maxInputs = 1; ///< -1: any number (Add, Concatenate)
    /// Shape arithmetic and sizes. Never called with unknown parameters: `params` came out of schema.check().
    /// Input shapes may have unknown sizes; the error says place-free what is wrong ("the 5 × 5 window does
    /// not fit into 3 × 3 values"); the caller puts the node's name before it.
    std::function<Result<LayerPlan>(const ParamMap& params, std::span<const Shape> inputs)> plan;
    /// requires: plan() of the same arguments succeeded and all shapes are known
    std::function<std::unique_ptr<Layer>(const ParamMap& params, std::span<const Shape> inputs)> create;
    /// The card's second line: what matters of the parameters ("32 filters 3×3, same, relu").
    std::function<std::string(const ParamMap& params)> summary;
    /// Null for layers without a sliding window. requires: as create
    std::function<WindowGeometry(const ParamMap& params, const Shape& input)> window;
    std::vector<LayerExample> examples;
    /// As the first layer it scales raw values 0..255 by itself (Rescaling, Normalization): data is not
    /// divided by 255.
    bool takesRawImages = false;
};

/// All layers, in the order of the palette (by category, then by name); made once.
std::span<const LayerType> layerTypes();
/// Null when there is no such layer. `id` is the schema's id: "Conv2D".
const LayerType* findLayerType(std::string_view id);

/// The one door to a layer's plan: checks the parameters against the schema and the number of inputs first.
Result<LayerPlan> planLayer(const LayerType& type, const ParamMap& params, std::span<const Shape> inputs);
/// requires: planLayer() of the same arguments succeeded and all shapes are known
std::unique_ptr<Layer> createLayer(const LayerType& type, const ParamMap& params,
                                   std::span<const Shape> inputs);

} // namespace strata
