// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/network.h"

#include <map>
#include <mutex>
#include <stop_token>
#include <string>

namespace strata {

/// Seconds for one sample.
struct PassSeconds {
    double forward = 0, backward = 0, inference = 0;
};

/// What layers take on this machine, each measured once by itself, at its shape, with the neighbours' work that it
/// would do in its network. A network nobody ever ran is then the sum of its layers. Thread-safe.
class LoneLayers {
public:
    /// The sum over a network's layers when it trains with such batches. Measures those it does not know yet: some
    /// hundredths of a second each. Errors: those of Network::compile(); "stopped".
    /// requires: options.training
    Result<PassSeconds> sum(const ModelGraph& graph, const CompileOptions& options, Workers& workers, const std::stop_token& stop = {});

private:
    std::optional<PassSeconds> known(const std::string& key);

    std::mutex m_mutex;
    std::map<std::string, PassSeconds> m_known;
};

} // namespace strata
