// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/schema/schema.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>

namespace strata {

/// What one epoch came to, by Keras's names: "loss", "accuracy", "val_loss", a metric's name, "learning_rate".
using EpochLogs = std::map<std::string, double>;

/// What a callback may do to the run that it watches. All by the run's own thread, between two epochs.
class RunControl {
public:
    virtual ~RunControl() = default;
    virtual double learningRate() const = 0;
    virtual void setLearningRate(double rate) = 0;
    /// The run ends after this epoch; `why` is told to the person.
    virtual void stop(std::string why) = 0;
    /// Remembers the weights as they are, in place of those remembered before. / Takes them back.
    virtual void keepWeights() = 0;
    virtual void restoreWeights() = 0;
    /// Writes the network as it is now.
    virtual Result<> save(const std::string& path, bool weightsOnly) = 0;
    /// Something to tell that does not end the run.
    virtual void remark(std::string text) = 0;
};

/// Watches a run from epoch to epoch, as Keras's callbacks of the same names.
class Callback {
public:
    virtual ~Callback() = default;
    virtual void epochEnd(std::int64_t epoch, const EpochLogs& logs, RunControl& run) = 0;
    /// After the last epoch, whatever ended the run but a divergence.
    virtual void end(RunControl& run) { (void)run; }
    /// Everything it remembers, for a checkpoint; setState() takes what state() gave.
    virtual std::vector<double> state() const { return {}; }
    virtual void setState(std::span<const double> state) { (void)state; }
};

struct CallbackType {
    Schema schema; ///< id: Keras's class name, "EarlyStopping"
    std::function<std::unique_ptr<Callback>(const ParamMap& params)> create;
    bool writesFiles = false;
};

std::span<const CallbackType> callbackTypes();
/// By class name, case-insensitively.
const CallbackType* findCallbackType(std::string_view id);
const SchemaFamily& callbackFamily();
Result<TypedParams> checkCallback(const TypedParams& callback);
/// requires: `which` came out of checkCallback()
std::unique_ptr<Callback> createCallback(const TypedParams& which);
/// An unknown one writes nothing.
bool writesFiles(const TypedParams& callback);

/// Does a larger value of this log mean better? By the metric's name, without "val_".
bool higherIsBetter(std::string_view logName);

} // namespace strata
