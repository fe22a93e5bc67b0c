// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/keras_calls.h"
#include "engine/interop/keras_config.h"

#include <nlohmann/json_fwd.hpp>
#include <set>

namespace strata::keras {

struct Entry;

/// Collects the cards and wires of a Keras model while walking through its config. A model within the model
/// is taken apart: its layers become cards of the one drawing.
class ModelReader {
public:
    /// The cards of the outputs. The error names the layer.
    Result<std::vector<NodeId>> readWhole(const nlohmann::json& model);

    /// requires: readWhole succeeded. Errors: a loop
    Result<ModelGraph> graph() const;
    std::vector<KerasLayer> takeLayers() { return std::move(m_layers); }
    std::vector<std::string> takeRemarks() { return std::move(m_remarks); }
    std::vector<std::string> takeForeign() { return std::move(m_foreign); }
    /// Cards that stand for a second or later call of a layer, with the layer's name: they must have no
    /// weights.
    const std::vector<std::pair<NodeId, std::string>>& laterCalls() const { return m_laterCalls; }
    /// Axes that must turn out to be the last of the card's input (counted with the batch).
    struct AxisClaim {
        NodeId node = 0;
        std::int64_t axis = 0;
        std::string place;
    };
    const std::vector<AxisClaim>& axes() const { return m_axes; }

private:
    using Nodes = std::vector<NodeId>;
    struct Scope {
        const Nodes* inputs =
            nullptr;        ///< what a model within the model is called with; null: it makes its own Input
        std::string prefix; ///< for names that are taken
        bool trainable = true;
        int depth = 0;
    };

    Result<Nodes> readModel(const nlohmann::json& model, const Scope& scope, std::vector<KerasLayer>& layers);
    Result<Nodes> readSequential(const nlohmann::json& config, const Scope& scope,
                                 std::vector<KerasLayer>& layers);
    Result<Nodes> readFunctional(const nlohmann::json& config, const Scope& scope,
                                 std::vector<KerasLayer>& layers);
    Result<Nodes> callEntry(const Entry& entry, const Nodes& sources, std::size_t call, const Scope& scope,
                            KerasLayer& record);
    Result<Node> readOne(const Entry& entry);
    Result<NodeId> addCard(Node node, const Nodes& sources, const Scope& scope);
    Result<std::vector<Entry>> entriesOf(const nlohmann::json& layers);
    Result<Nodes> inputOfFirst(const Entry& first, const nlohmann::json& config, const Scope& scope);
    Result<> readInputEntry(Entry& entry, const std::vector<TensorRef>& inputs, const Scope& scope,
                            KerasLayer& record);
    Result<> readCallsOf(std::vector<Entry>& entries);
    Result<> resolveCalls(std::vector<Entry>& entries, const Scope& scope, std::vector<KerasLayer>& records);

    std::vector<Node> m_nodes;
    std::vector<Edge> m_edges;
    std::set<std::string> m_names;
    std::vector<KerasLayer> m_layers;
    std::vector<std::string> m_remarks, m_foreign;
    std::vector<std::pair<NodeId, std::string>> m_laterCalls;
    std::vector<AxisClaim> m_axes;
};

} // namespace strata::keras
