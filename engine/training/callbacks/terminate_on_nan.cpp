// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/training/callback.h"
#include "engine/training/typed_parts.h"

#include <cmath>

namespace strata::callbacks {
namespace {

struct Params {};

/// A run looks at every batch by itself and ends as Diverged before a callback could see the loss; what is left to this
/// one is a loss that only the epoch's mean shows.
class TerminateOnNan final : public Callback {
public:
    explicit TerminateOnNan(const Params&) {}

    void epochEnd(std::int64_t epoch, const EpochLogs& logs, RunControl& run) override {
        const auto loss = logs.find("loss");
        if (loss != logs.end() && !std::isfinite(loss->second)) run.stop(said("The loss of epoch {} is no number.", epoch + 1));
    }
};

} // namespace

CallbackType terminate_on_nan() {
    return typeOf<CallbackType, TerminateOnNan>(SchemaOf<Params>(
        {.id = "TerminateOnNaN",
         .category = "callback",
         .label = "Stop when not a number",
         .doc = "Ends the run at the batch whose loss is infinite or not a number. Strata does so with every run; named, it goes "
                "into the Python script too.",
         .reference = "https://keras.io/api/callbacks/terminate_on_nan/"}));
}

} // namespace strata::callbacks
