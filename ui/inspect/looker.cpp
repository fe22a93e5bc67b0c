// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/looker.h"

#include "ui/document/background.h"
#include "ui/inspect/class_bars.h"
#include "ui/look/colormap.h"
#include "ui/training/run_text.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr int kMostBars = 12;
constexpr int kCodeHeight = 18;

/// (H, W, C) of what is shown as maps; a list of vectors is a picture one row high for each channel.
struct MapSize {
    int height, width, channels;
};

std::optional<MapSize> mapSize(const Shape& shape) {
    if (!shape.isKnown()) return {};
    const auto at = [&](int axis) { return static_cast<int>(shape[axis]); };
    if (shape.rank() == 3) return MapSize{at(0), at(1), at(2)};
    if (shape.rank() == 2) return MapSize{1, at(0), at(1)};
    return {};
}

Strip stripOf(std::span<const float> values, const Shape& shape, const StripStyle& style) {
    Strip strip;
    if (const std::optional<MapSize> size = mapSize(shape)) {
        StripLayout layout;
        layout.tile = style.tile;
        layout.gap = style.gap;
        layout.maxTiles = style.tiles;
        layout.dpr = style.ratio;
        strip.image = featureStripImage(values, size->height, size->width, size->channels, layout);
        strip.tiles = std::min(size->channels, style.tiles);
        strip.all = size->channels;
    } else {
        strip.image = barcodeImage(values, style.width(), kCodeHeight, style.ratio);
    }
    return strip;
}

Strip answerStrip(const std::vector<float>& probabilities, const QStringList& names, const StripStyle& style) {
    Strip strip;
    if (probabilities.size() <= kMostBars) {
        strip.repaint = [size = QSize(style.width(), style.tile + 12), probabilities, names, ratio = 2 * style.ratio](const Theme& theme) {
            return classBarsImage(size, probabilities, names, theme, ratio);
        };
        strip.image = strip.repaint(style.theme);
        strip.smooth = true;
        return strip;
    }
    strip.image = barcodeImage(probabilities, style.width() / 2, kCodeHeight, style.ratio);
    const auto best = std::ranges::max_element(probabilities) - probabilities.begin();
    strip.title = best < names.size() ? names[best] : QString::number(best);
    strip.detail = percentText(static_cast<double>(probabilities[static_cast<std::size_t>(best)]));
    return strip;
}

MapDetail detailOf(NodeId node, std::span<const float> values, const Shape& shape) {
    MapDetail detail{node, shape, {}, 0, 0};
    if (values.empty()) return detail;
    for (const float value : values) {
        if (!std::isfinite(value)) continue;
        detail.least = std::min(detail.least, value);
        detail.largest = std::max(detail.largest, value);
    }
    const std::optional<MapSize> size = mapSize(shape);
    if (!size) {
        // A vector, 32 values a row; the places after the last value stay at the bottom of the scale.
        const int width = std::min<int>(32, static_cast<int>(values.size()));
        const int height = (static_cast<int>(values.size()) + width - 1) / width;
        std::vector<float> cells(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), detail.least);
        std::ranges::copy(values, cells.begin());
        detail.maps.push_back(featureMapImage(cells, height, width, detail.least, detail.largest));
        return detail;
    }
    const auto channels = static_cast<std::size_t>(size->channels);
    const auto cells = static_cast<std::size_t>(size->height) * static_cast<std::size_t>(size->width);
    std::vector<float> map(cells);
    for (std::size_t c = 0; c < std::min<std::size_t>(channels, MapDetail::kMost); ++c) {
        for (std::size_t i = 0; i < cells; ++i) map[i] = values[i * channels + c];
        detail.maps.push_back(featureMapImage(map, size->height, size->width, detail.least, detail.largest));
    }
    return detail;
}

} // namespace

/// A network that was opened for looking, until drawing or weights are others.
struct Looker::Glass {
    Workers workers{1};
    ModelGraph graph;
    std::shared_ptr<const Weights> weights;
    std::optional<Predictor> predictor;
    std::string problem;
    NodeId output = 0;

    void open(const LookJob& job) {
        const ModelGraph wanted = withInputShape(job.graph, job.imageShape);
        if (weights == job.weights && graph == wanted) return;
        weights = job.weights;
        graph = wanted;
        predictor.reset();
        problem.clear();
        Result<Predictor> made = Predictor::create(graph, *weights, workers, 1, true);
        if (!made) {
            problem = made.error().message;
            return;
        }
        predictor.emplace(std::move(*made));
        const GraphReport report = analyse(graph);
        output = report.outputs.empty() ? 0 : report.outputs.front();
    }

    LookAnswer look(const LookJob& job) {
        open(job);
        LookAnswer answer;
        if (!predictor) {
            answer.problem = QString::fromStdString(problem);
            return answer;
        }
        const Network& network = predictor->network();
        if (!(network.inputShape() == job.imageShape)) {
            answer.problem = Looker::tr("The image is %1, the network takes %2.")
                                 .arg(QString::fromStdString(job.imageShape.text()), QString::fromStdString(network.inputShape().text()));
            return answer;
        }
        std::vector<float> row(static_cast<std::size_t>(network.outputShape().count()));
        predictor->predict(job.image, row);
        if (network.outputShape().rank() == 1) answer.probabilities = predictor->probabilities(row);
        if (job.strips) {
            for (const auto& node : graph.nodes()) {
                if (graph.inputsOf(node->id).empty()) continue;
                const std::span<const float> values = network.activation(node->id);
                if (values.empty()) continue;
                const bool answers = node->id == output && !answer.probabilities.empty();
                answer.strips[node->id] = answers ? answerStrip(answer.probabilities, job.classNames, *job.strips)
                                                  : stripOf(values, network.activationShape(node->id), *job.strips);
            }
        }
        if (job.detail != 0) {
            const std::span<const float> values = network.activation(job.detail);
            if (!values.empty()) answer.detail = detailOf(job.detail, values, network.activationShape(job.detail));
        }
        return answer;
    }
};

Looker::Looker(QObject* parent) : QObject(parent), m_glass(std::make_shared<Glass>()) {
    m_pool.setMaxThreadCount(1);
}

void Looker::ask(LookJob job) {
    m_waiting = std::move(job);
    if (!m_busy) next();
}

void Looker::forget() {
    m_waiting.reset();
    ++m_number;
}

void Looker::next() {
    if (!m_waiting) return;
    m_busy = true;
    const int number = ++m_number;
    const auto work = [glass = m_glass, job = std::make_shared<const LookJob>(std::move(*m_waiting))] {
        try {
            return glass->look(*job);
        } catch (const std::exception& e) {
            LookAnswer answer;
            answer.problem = tr("The network could not be looked into: %1.").arg(QString::fromUtf8(e.what()));
            return answer;
        }
    };
    m_waiting.reset();
    inBackground(m_pool, this, work, [this, number](const LookAnswer& answer) {
        m_busy = false;
        if (number == m_number) Q_EMIT answered(answer);
        next();
    });
}

} // namespace strata::ui
