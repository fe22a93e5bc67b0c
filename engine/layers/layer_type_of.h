// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"
#include "engine/schema/schema_of.h"

namespace strata {

/// What a layer's file says about a layer with the parameters P; everything else follows from the schema.
template <class P>
struct LayerParts {
    std::function<Result<LayerPlan>(const P&, std::span<const Shape>)> plan;
    std::function<std::unique_ptr<Layer>(const P&, std::span<const Shape>)> create;
    std::function<std::string(const P&)> summary;
    std::function<WindowGeometry(const P&, const Shape&)> window;
    std::vector<LayerExample> examples;
    int minInputs = 1;
    int maxInputs = 1;
    bool takesRawImages = false;
};

/// Joins a typed layer to the untyped interface: the schema binds the parameters before each call.
template <class P>
LayerType layerTypeOf(SchemaOf<P> schema, LayerParts<P> parts) {
    auto bound = std::make_shared<const SchemaOf<P>>(std::move(schema));
    LayerType type;
    type.schema = bound->schema();
    type.minInputs = parts.minInputs;
    type.maxInputs = parts.maxInputs;
    type.plan = [bound, f = std::move(parts.plan)](const ParamMap& p, std::span<const Shape> in) {
        return f(bound->bind(p), in);
    };
    type.create = [bound, f = std::move(parts.create)](const ParamMap& p, std::span<const Shape> in) {
        return f(bound->bind(p), in);
    };
    type.summary = [bound, f = std::move(parts.summary)](const ParamMap& p) {
        return f ? f(bound->bind(p)) : std::string();
    };
    if (parts.window) {
        type.window = [bound, f = std::move(parts.window)](const ParamMap& p, const Shape& in) {
            return f(bound->bind(p), in);
        };
    }
    type.takesRawImages = parts.takesRawImages;
    type.examples = std::move(parts.examples);
    return type;
}

} // namespace strata
