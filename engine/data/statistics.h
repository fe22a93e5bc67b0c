// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <vector>

#include "engine/data/dataset.h"

namespace strata {

/// Over all pixels of all samples, one number a channel, on the scale 0..1 (raw value / 255).
struct DataStatistics {
    std::vector<double> mean;              // (C)
    std::vector<double> standardDeviation; // (C), of the population (divided by n)
};

/// Empty vectors when stopped early. The sums are exact integers: any order of samples gives the same bits.
/// requires: values of the data set are whole numbers 0..255
DataStatistics statistics(const Dataset& dataset, std::stop_token stop = {});

} // namespace strata
