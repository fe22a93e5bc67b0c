// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/adam_family.h"

#include "engine/math/updates.h"

#include <algorithm>
#include <cmath>

namespace strata {

void Adam::prepare(std::int64_t iteration, double learningRate) {
    const auto t = static_cast<double>(iteration);
    m_rate = static_cast<float>(learningRate * std::sqrt(1 - std::pow(m_params.beta2, t)) /
                                (1 - std::pow(m_params.beta1, t)));
}

void Adam::update(std::span<float> weights, std::span<const float> gradient,
                  std::span<float* const> slots) const {
    float* const w = weights.data();
    const float* const g = gradient.data();
    float* const m = slots[0];
    float* const v = slots[1];
    const auto toM = static_cast<float>(1 - m_params.beta1);
    const auto toV = static_cast<float>(1 - m_params.beta2);
    const auto epsilon = static_cast<float>(m_params.epsilon);
    const std::size_t n = weights.size();
    if (m_params.amsgrad) {
        float* const top = slots[2];
        for (std::size_t i = 0; i < n; ++i) {
            m[i] += (g[i] - m[i]) * toM;
            v[i] += (g[i] * g[i] - v[i]) * toV;
            top[i] = top[i] < v[i] ? v[i] : top[i];
            w[i] -= m[i] * m_rate / (std::sqrt(top[i]) + epsilon);
        }
        return;
    }
    math::adamUpdate(static_cast<std::int64_t>(n), m_rate, toM, toV, epsilon, g, m, v, w);
}

} // namespace strata
