// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/loss_meter.h"

#include "engine/core/said.h"

#include <algorithm>
#include <cassert>

namespace strata {

std::int64_t argmax(std::span<const float> values) {
    return std::ranges::max_element(values) - values.begin();
}

Result<> checkLossFits(const TypedParams& loss, const Shape& output, std::int64_t classes) {
    const LossType* type = findLossType(loss.id);
    if (type == nullptr) return failure("loss.unknown", said("There is no loss {}; choose another one.", loss.id));
    if (Result<ParamMap> params = type->schema.check(loss.params); !params) return params.error();
    const std::int64_t columns = output.rank() == 0 ? 1 : output[-1];
    if (output.rank() != 1) {
        return failure("loss.rank", said("The network's output is {} and the data has one class an image: "
                                         "put Flatten or GlobalAveragePooling2D before the last Dense.",
                                         output.text()));
    }
    if (columns < classes) {
        return failure("loss.classes", said("The network has {} outputs and the data has {} classes: "
                                            "give the last layer {} units.",
                                            columns, classes, classes));
    }
    return {};
}

LossMeter::LossMeter(const TypedParams& loss, const Shape& output, bool outputIsSoftmax, std::int64_t batch,
                     std::vector<double> classWeights)
    : m_loss(createLoss({loss.id, *findLossType(loss.id)->schema.check(loss.params)})), m_columns(output.rank() == 0 ? 1 : output[-1]),
      m_perSample(static_cast<std::size_t>(batch)), m_classWeights(std::move(classWeights)),
      m_sampleWeights(m_classWeights.empty() ? 0 : static_cast<std::size_t>(batch)) {
    m_rows = output.count() / m_columns;
    m_skipSoftmax = outputIsSoftmax && m_loss->fusesSoftmax();
    if (!m_loss->takesLabels()) m_targets.resize(static_cast<std::size_t>(batch * m_rows * m_columns));
}

BatchScore LossMeter::measure(std::int64_t samples, const float* output, const std::int32_t* labels, float* gradient,
                              Workers& workers) {
    assert(samples <= static_cast<std::int64_t>(m_perSample.size()));
    const std::int64_t size = m_rows * m_columns;
    if (!m_targets.empty()) {
        std::fill_n(m_targets.begin(), samples * size, 0.0F);
        for (std::int64_t r = 0; r < samples * m_rows; ++r) m_targets[static_cast<std::size_t>(r * m_columns + labels[r])] = 1;
    }
    const bool weighted = gradient != nullptr && !m_classWeights.empty();
    for (std::int64_t n = 0; weighted && n < samples; ++n) {
        const auto label = static_cast<std::size_t>(labels[n * m_rows]);
        m_sampleWeights[static_cast<std::size_t>(n)] = label < m_classWeights.size() ? static_cast<float>(m_classWeights[label]) : 1;
    }
    const std::int64_t rows = samples * m_rows;
    const std::int64_t counted = !m_loss->takesLabels() ? rows : std::count_if(labels, labels + rows, [&](std::int32_t label) { return !m_loss->ignores(label); });
    const std::int64_t chunks = m_loss->spansBatch() ? 1 : batchChunks(samples);
    workers.run(chunks, [&](std::int64_t chunk, int) {
        const ChunkRange range = chunkRange(samples, chunks, chunk);
        LossPass pass;
        pass.samples = range.size;
        pass.rows = m_rows;
        pass.columns = m_columns;
        pass.output = output + range.first * size;
        pass.targets = m_targets.empty() ? nullptr : m_targets.data() + range.first * size;
        pass.labels = labels + range.first * m_rows;
        pass.sampleWeights = weighted ? m_sampleWeights.data() + range.first : nullptr;
        pass.gradientScale = counted == 0 ? 0 : 1.0 / static_cast<double>(counted);
        pass.skipSoftmax = m_skipSoftmax;
        m_loss->evaluate(pass, std::span(m_perSample).subspan(static_cast<std::size_t>(range.first), static_cast<std::size_t>(range.size)),
                         gradient == nullptr ? nullptr : gradient + range.first * size);
    });
    BatchScore score;
    score.samples = samples;
    const double countedOfSample = counted == 0 ? 1 : static_cast<double>(counted) / static_cast<double>(samples);
    for (std::int64_t n = 0; n < samples; ++n) {
        score.lossSum += m_perSample[static_cast<std::size_t>(n)] / countedOfSample;
        const std::span<const float> row(output + n * size, static_cast<std::size_t>(m_columns));
        if (argmax(row) == labels[n * m_rows]) ++score.correct;
    }
    return score;
}

} // namespace strata
