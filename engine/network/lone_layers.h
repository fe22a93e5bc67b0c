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

/// Of a whole network, and of each card's layers; where a card stands for several copies, of all of them. A layer that
/// is no work of its own (it only reads its input in another shape) has no time.
struct NetworkSeconds : PassSeconds {
    std::map<NodeId, PassSeconds> layers;
};

/// What layers take on this machine, each measured once by itself, at its shape, with the neighbours' work that it
/// would do in its network. A network nobody ever ran is then the sum of its layers. Thread-safe.
class LoneLayers {
public:
    /// A network's layers and their sum when it trains with such batches. Measures those it does not know yet: some
    /// hundredths of a second each. Errors: those of Network::compile(); "stopped".
    /// requires: options.training
    Result<NetworkSeconds> sum(const ModelGraph& graph, const CompileOptions& options, Workers& workers, const std::stop_token& stop = {});

    /// From the next sum on every layer is measured once more, and the lesser of its times counts: one that was taken while
    /// the machine was busy with something else does not stay for ever.
    void measureAgain();

private:
    struct Known {
        PassSeconds seconds;
        int round = 0; ///< when it was measured last
    };
    /// Empty: not measured in this round.
    std::optional<PassSeconds> known(const std::string& key);
    PassSeconds remember(const std::string& key, const PassSeconds& measured);

    std::mutex m_mutex;
    int m_round = 0;
    std::map<std::string, Known> m_known;
};

} // namespace strata
