// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

#include <memory>
#include <string>
#include <vector>

namespace strata::test {

/// Floats aligned to 64 bytes with a guard behind them, so that a kernel that writes too far is caught.
class GuardedFloats {
public:
    GuardedFloats() = default;
    explicit GuardedFloats(std::int64_t size);
    float* data() const { return m_data.get(); }
    std::int64_t size() const { return m_size; }
    std::span<float> span() const { return {m_data.get(), static_cast<std::size_t>(m_size)}; }
    float& operator[](std::int64_t i) const { return m_data[static_cast<std::size_t>(i)]; }
    void poison() const; ///< all NaN
    bool guardIntact() const;

private:
    struct Free {
        void operator()(float* p) const;
    };
    std::unique_ptr<float[], Free> m_data;
    std::int64_t m_size = 0;
};

/// One layer with all the memory that a network would give it. Everything a layer must overwrite is full of
/// NaN first.
class LayerRig {
public:
    /// requires: planLayer() of the same arguments succeeds and all shapes are known
    LayerRig(const LayerType& type, const ParamMap& params, std::vector<Shape> inputs, std::int64_t batch,
             int threads = 1);

    LayerPlan plan;
    std::vector<GuardedFloats> inputs, inputGrads, weights, weightGrads;
    GuardedFloats output, outputGrad;
    bool training = true;
    bool frozen = false;
    bool gradSkipsSoftmax = false;
    std::int64_t firstSample = 0;
    std::uint64_t seed = 42;

    /// Inputs: different values, far enough from each other for a numeric slope, both signs. Weights: small
    /// random numbers, positive for what is not trainable (variances).
    void fillAll(std::uint64_t fillSeed);
    void forward();
    /// Uses `outputGrad` as it stands (a copy is handed out, since a layer may overwrite it).
    void backward();
    /// Empty, or the name of a buffer that was written beyond its end.
    std::string brokenGuard() const;

private:
    Pass pass();

    std::vector<Shape> m_shapes;
    std::int64_t m_batch;
    std::unique_ptr<Layer> m_layer;
    Workers m_workers;
    GuardedFloats m_saved, m_savedBatch, m_shared, m_worker, m_chunk, m_gradCopy;
    std::vector<Tensor> m_inputTensors, m_gradTensors;
    std::vector<float*> m_weightPointers, m_weightGradPointers;
};

/// c[i] = (((i * 37 + 11) mod 64) - 32) / 16: the fixed factors of the objective sum(c * output) of the Keras
/// cases.
double cotangent(std::int64_t i);

} // namespace strata::test
