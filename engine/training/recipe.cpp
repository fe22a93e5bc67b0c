// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/recipe.h"

#include "engine/core/closest_word.h"
#include "engine/core/said.h"
#include "engine/training/evaluate.h"
#include "engine/training/loss.h"
#include "engine/training/optimizer.h"

#include <fmt/ranges.h>

namespace strata {

TrainingSettings recipeOf(const Template& t) {
    TrainingSettings s;
    const std::optional<double> momentum = t.momentum > 0 ? std::optional(t.momentum) : std::nullopt;
    if (Result<TypedParams> optimizer = makeOptimizer(t.optimizer, t.learningRate, momentum)) s.optimizer = *optimizer;
    s.loss = defaultLoss(t.make());
    s.batchSize = t.batchSize;
    s.epochs = t.epochs;
    return s;
}

Result<TypedParams> makeOptimizer(const std::string& name, std::optional<double> learningRate, std::optional<double> momentum) {
    const OptimizerType* type = findOptimizerType(name);
    if (type == nullptr) {
        std::vector<std::string> ids;
        for (const OptimizerType& t : optimizerTypes()) ids.push_back(t.schema.id);
        return failure("optimizer.unknown", said("There is no optimizer {}; there are {}.{}", name, fmt::join(ids, ", "), didYouMean(name, ids)));
    }
    ParamMap params;
    if (learningRate) params["learning_rate"] = *learningRate;
    if (momentum) params["momentum"] = *momentum;
    Result<ParamMap> checked = type->schema.check(params);
    if (!checked) return checked.error();
    return TypedParams{type->schema.id, std::move(*checked)};
}

double learningRateOf(const TrainingSettings& settings) {
    const OptimizerType* type = findOptimizerType(settings.optimizer.id);
    const Result<ParamMap> params = type == nullptr ? Result<ParamMap>(ParamMap()) : type->schema.check(settings.optimizer.params);
    if (!params) return 0;
    const auto rate = params->find("learning_rate");
    return rate == params->end() || rate->second.asReal() == nullptr ? 0 : *rate->second.asReal();
}

Result<TypedParams> makeLoss(const std::string& name, const ModelGraph& graph) {
    const LossType* type = findLossType(name);
    if (type == nullptr) {
        std::vector<std::string> ids;
        for (const LossType& t : lossTypes()) ids.push_back(t.schema.synonyms.empty() ? t.schema.id : t.schema.synonyms.front());
        return failure("loss.unknown", said("There is no loss {}; there are {}.{}", name, fmt::join(ids, ", "), didYouMean(name, ids)));
    }
    ParamMap params;
    if (type->schema.find("from_logits") != nullptr) params["from_logits"] = defaultLoss(graph).params.at("from_logits");
    Result<ParamMap> checked = type->schema.check(params);
    if (!checked) return checked.error();
    return TypedParams{type->schema.id, std::move(*checked)};
}

} // namespace strata
