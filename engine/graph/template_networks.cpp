// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/template_networks.h"

#include "engine/graph/layout.h"

#include <cassert>

namespace strata::networks {
namespace {

using IntList = ParamValue::IntList;

/// Draws layer below layer; `at` is the layer to which the next one is connected.
class Pen {
public:
    Pen(std::int64_t height, std::int64_t width, std::int64_t channels) {
        m_at = m_graph.add({.type = "Input", .params = {{"shape", IntList{height, width, channels}}}});
    }

    NodeId at() const { return m_at; }
    Pen& from(NodeId node) {
        m_at = node;
        return *this;
    }
    Pen& layer(const char* type, ParamMap params = {}) {
        const NodeId below = m_graph.add({.type = type, .params = std::move(params)});
        wire(m_at, below);
        m_at = below;
        return *this;
    }
    Pen& conv(std::int64_t filters, std::int64_t size, const char* activation,
              const char* padding = "valid") {
        return layer("Conv2D", {{"filters", filters},
                                {"kernel_size", IntList{size, size}},
                                {"padding", padding},
                                {"activation", activation}});
    }
    Pen& maxPool() { return layer("MaxPooling2D", {{"pool_size", IntList{2, 2}}}); }
    Pen& dense(std::int64_t units, const char* activation) {
        return layer("Dense", {{"units", units}, {"activation", activation}});
    }
    /// He et al.: convolution without bias, batch normalization, and relu unless a sum follows.
    Pen& convNorm(std::int64_t filters, std::int64_t size, std::int64_t stride, bool relu) {
        layer("Conv2D", {{"filters", filters},
                         {"kernel_size", IntList{size, size}},
                         {"strides", IntList{stride, stride}},
                         {"padding", "same"},
                         {"use_bias", false},
                         {"kernel_initializer", TypedParams{"HeNormal", {}}}});
        layer("BatchNormalization");
        return relu ? layer("Activation", {{"activation", "relu"}}) : *this;
    }
    /// Two 3×3 convolutions around which the input goes, projected by a 1×1 convolution where the shape
    /// changes.
    Pen& residual(std::int64_t filters, std::int64_t stride, bool project) {
        const NodeId in = m_at;
        const NodeId main = convNorm(filters, 3, stride, true).convNorm(filters, 3, 1, false).at();
        const NodeId side = project ? from(in).convNorm(filters, 1, stride, false).at() : in;
        from(main).layer("Add");
        wire(side, m_at);
        return layer("Activation", {{"activation", "relu"}});
    }
    /// Howard et al.: each channel filtered alone, then mixed by a 1×1 convolution; both normalized.
    Pen& separable(std::int64_t filters, std::int64_t stride) {
        layer("DepthwiseConv2D", {{"kernel_size", IntList{3, 3}},
                                  {"strides", IntList{stride, stride}},
                                  {"padding", "same"},
                                  {"use_bias", false}});
        layer("BatchNormalization").layer("Activation", {{"activation", "relu"}});
        return convNorm(filters, 1, 1, true);
    }
    /// Szegedy et al.: filters of three sizes and a pooling side by side, the large ones behind a 1×1 convolution
    /// that has fewer channels; what they find is put together.
    struct Inception {
        std::int64_t one, reduce3, three, reduce5, five, pooled;
    };
    Pen& inception(const Inception& f) {
        const NodeId in = m_at;
        const NodeId one = conv(f.one, 1, "relu", "same").at();
        const NodeId three = from(in).conv(f.reduce3, 1, "relu", "same").conv(f.three, 3, "relu", "same").at();
        const NodeId five = from(in).conv(f.reduce5, 1, "relu", "same").conv(f.five, 5, "relu", "same").at();
        from(in).layer("MaxPooling2D",
                       {{"pool_size", IntList{3, 3}}, {"strides", IntList{1, 1}}, {"padding", "same"}});
        const NodeId pooled = conv(f.pooled, 1, "relu", "same").at();
        from(one).layer("Concatenate");
        for (const NodeId branch : {three, five, pooled})
            wire(branch, m_at);
        return *this;
    }
    ModelGraph finish() const { return layOut(m_graph); }

private:
    void wire(NodeId from, NodeId to) {
        const Result<> connected = m_graph.connect(from, to);
        assert(connected);
        (void)connected;
    }

    ModelGraph m_graph;
    NodeId m_at = 0;
};

} // namespace

ModelGraph lenet() {
    return Pen(20, 20, 1)
        .conv(16, 5, "relu")
        .maxPool()
        .conv(32, 3, "relu")
        .maxPool()
        .layer("Flatten")
        .layer("Dropout", {{"rate", 0.25}})
        .dense(64, "relu")
        .dense(10, "softmax")
        .finish();
}

ModelGraph lenet5() {
    return Pen(28, 28, 1)
        .conv(6, 5, "tanh", "same")
        .layer("AveragePooling2D", {{"pool_size", IntList{2, 2}}})
        .conv(16, 5, "tanh")
        .layer("AveragePooling2D", {{"pool_size", IntList{2, 2}}})
        .layer("Flatten")
        .dense(120, "tanh")
        .dense(84, "tanh")
        .dense(10, "softmax")
        .finish();
}

ModelGraph mnistSmall() {
    const TypedParams he{"HeUniform", {}};
    return Pen(28, 28, 1)
        .layer("Conv2D", {{"filters", 32},
                          {"kernel_size", IntList{3, 3}},
                          {"activation", "relu"},
                          {"kernel_initializer", he}})
        .maxPool()
        .layer("Flatten")
        .layer("Dense", {{"units", 100}, {"activation", "relu"}, {"kernel_initializer", he}})
        .dense(10, "softmax")
        .finish();
}

ModelGraph lenetWide() {
    return Pen(28, 28, 1)
        .conv(32, 5, "relu")
        .maxPool()
        .conv(64, 5, "relu")
        .maxPool()
        .layer("Flatten")
        .dense(1000, "relu")
        .dense(10, "softmax")
        .finish();
}

ModelGraph cifar() {
    Pen pen(32, 32, 3);
    for (const std::int64_t filters : {32, 64, 128})
        pen.conv(filters, 3, "relu", "same").maxPool();
    return pen.layer("Flatten").dense(128, "relu").dense(10, "linear").finish();
}

ModelGraph vggSmall() {
    Pen pen(32, 32, 3);
    for (const std::int64_t filters : {64, 128, 256}) {
        for (int i = 0; i < 2; ++i) {
            pen.conv(filters, 3, "linear", "same")
                .layer("BatchNormalization")
                .layer("Activation", {{"activation", "relu"}});
        }
        pen.maxPool();
    }
    return pen.layer("Flatten")
        .dense(256, "relu")
        .layer("Dropout", {{"rate", 0.5}})
        .dense(10, "softmax")
        .finish();
}

ModelGraph resnetSmall() {
    Pen pen(28, 28, 1);
    pen.convNorm(16, 3, 1, true).maxPool();
    pen.residual(16, 1, false).residual(32, 2, true);
    return pen.layer("GlobalAveragePooling2D").dense(10, "softmax").finish();
}

ModelGraph resnet20() {
    Pen pen(32, 32, 3);
    pen.convNorm(16, 3, 1, true);
    for (const std::int64_t filters : {16, 32, 64}) {
        for (int block = 0; block < 3; ++block) {
            const bool shrinks = block == 0 && filters > 16;
            pen.residual(filters, shrinks ? 2 : 1, shrinks);
        }
    }
    return pen.layer("GlobalAveragePooling2D").dense(10, "softmax").finish();
}

ModelGraph mobilenetSmall() {
    Pen pen(32, 32, 3);
    return pen.convNorm(32, 3, 1, true)
        .separable(64, 1)
        .separable(128, 2)
        .separable(128, 1)
        .separable(256, 2)
        .separable(256, 1)
        .layer("GlobalAveragePooling2D")
        .dense(10, "softmax")
        .finish();
}

ModelGraph inceptionSmall() {
    return Pen(28, 28, 1)
        .conv(32, 3, "relu", "same")
        .maxPool()
        .inception({.one = 16, .reduce3 = 16, .three = 24, .reduce5 = 8, .five = 8, .pooled = 8})
        .inception({.one = 32, .reduce3 = 24, .three = 48, .reduce5 = 8, .five = 16, .pooled = 16})
        .maxPool()
        .inception({.one = 48, .reduce3 = 32, .three = 64, .reduce5 = 12, .five = 24, .pooled = 24})
        .layer("GlobalAveragePooling2D")
        .layer("Dropout", {{"rate", 0.3}})
        .dense(10, "softmax")
        .finish();
}

ModelGraph blank() {
    return Pen(20, 20, 1).finish();
}

} // namespace strata::networks
