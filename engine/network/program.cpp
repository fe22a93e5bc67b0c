// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/program.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace strata {
namespace {

std::int64_t aligned(std::int64_t floats) {
    return (floats + kAlignFloats - 1) / kAlignFloats * kAlignFloats;
}

Result<NodeId> singleOutput(const ModelGraph& graph, const GraphReport& report) {
    for (const Problem& p : report.problems) {
        if (p.severity == Severity::Error) return failure(p.id, p.text);
    }
    if (report.inputs.empty()) return failure("network.no_input", "The network has no Input; add one and connect it.");
    if (report.inputs.size() > 1) {
        return failure("network.inputs", fmt::format("The network has {} inputs ({}, {}); it can be run with one only.",
                                                     report.inputs.size(), graph.find(report.inputs[0])->name,
                                                     graph.find(report.inputs[1])->name));
    }
    if (report.outputs.empty()) return failure("network.no_output", "The network has no output; connect a layer to the Input.");
    if (report.outputs.size() > 1) {
        return failure("network.outputs", fmt::format("The network ends in {} places ({}, {}); it can be run with one output only: "
                                                      "merge them with Add or Concatenate, or delete one.",
                                                      report.outputs.size(), graph.find(report.outputs[0])->name,
                                                      graph.find(report.outputs[1])->name));
    }
    return report.outputs.front();
}

/// Ops of all nodes that lead to the output, inputs first.
Result<> addOps(Program& program, const ModelGraph& graph, const GraphReport& report, NodeId output) {
    std::map<NodeId, int> opOf;
    for (const NodeId id : report.order) {
        if (!graph.reaches(id, output)) continue;
        const Node& node = *graph.find(id);
        const NodeReport& said = *report.find(id);
        if (!said.plan.output.isKnown()) {
            return failure("network.unknown_size",
                           fmt::format("{} \"{}\": its shape {} has sizes that are not known; give the Input a height and a width.",
                                       node.type, node.name, said.plan.output.text()));
        }
        Program::Op op;
        op.node = id;
        op.type = findLayerType(node.type);
        op.params = node.params;
        op.trainable = node.trainable;
        op.plan = said.plan;
        for (const Edge& e : graph.inputsOf(id)) {
            const int input = opOf.at(e.from);
            op.inputs.push_back(input);
            op.inputShapes.push_back(program.ops[static_cast<std::size_t>(input)].plan.output);
        }
        op.isView = op.plan.viewOfInput && op.inputs.size() == 1;
        opOf[id] = static_cast<int>(program.ops.size());
        program.ops.push_back(std::move(op));
    }
    return {};
}

void placeParameters(Program& program) {
    for (const bool trained : {true, false}) {
        for (Program::Op& op : program.ops) {
            for (std::size_t w = 0; w < op.plan.weights.size(); ++w) {
                const WeightSpec& spec = op.plan.weights[w];
                if ((spec.trainable && op.trainable) != trained) continue;
                program.slots.push_back({op.node, static_cast<int>(w), &spec, program.parameterFloats, spec.count(), trained});
                program.parameterFloats += aligned(spec.count());
            }
        }
        if (trained) program.trainableFloats = program.parameterFloats;
    }
    for (Program::Op& op : program.ops) {
        const bool own = op.trainable && std::ranges::any_of(op.plan.weights, &WeightSpec::trainable);
        op.wantsGrad = own || std::ranges::any_of(op.inputs, [&](int i) { return program.ops[static_cast<std::size_t>(i)].wantsGrad; });
    }
}

/// Lays buffers on a time line: op i runs forward at time i and backward at time 2n - 1 - i.
class BufferMaker {
public:
    BufferMaker(Program& program, const CompileOptions& options)
        : m_program(program), m_batch(options.batch), m_training(options.training), m_keep(options.keepActivations),
          m_n(static_cast<std::int64_t>(program.ops.size())) {}

    void run() {
        for (std::size_t i = 0; i < m_program.ops.size(); ++i) addOutput(i);
        for (std::size_t i = 0; i < m_program.ops.size(); ++i) addSaved(i);
        if (!m_training) return;
        for (std::size_t i = m_program.ops.size(); i-- > 0;) addGradient(i);
    }

private:
    std::int64_t forwardTime(std::size_t op) const { return static_cast<std::int64_t>(op); }
    std::int64_t backwardTime(std::size_t op) const { return 2 * m_n - 1 - static_cast<std::int64_t>(op); }
    std::int64_t end() const { return 2 * m_n; }

    int addBuffer(std::int64_t floats, std::int64_t first, std::int64_t last) {
        m_program.buffers.push_back({floats, first, last});
        return static_cast<int>(m_program.buffers.size()) - 1;
    }
    void extend(int buffer, std::int64_t time) {
        Lifetime& b = m_program.buffers[static_cast<std::size_t>(buffer)];
        b.last = std::max(b.last, time);
    }

    void addOutput(std::size_t i) {
        Program::Op& op = m_program.ops[i];
        if (op.isView) {
            op.output = m_program.ops[static_cast<std::size_t>(op.inputs[0])].output;
        } else {
            op.output = addBuffer(op.plan.output.count() * m_batch, forwardTime(i), forwardTime(i));
        }
        // What stays: the input (the caller's array), the output, everything when one wants to look inside.
        if (m_keep || i == 0 || i + 1 == m_program.ops.size()) extend(op.output, end());
        if (m_training && op.plan.backwardReadsOutput && !op.isView) extend(op.output, backwardTime(i));
        if (m_training && op.plan.activityRegularizer) extend(op.output, backwardTime(i));
        for (const int input : op.inputs) {
            const int buffer = m_program.ops[static_cast<std::size_t>(input)].output;
            extend(buffer, forwardTime(i));
            if (m_training && op.plan.backwardReadsInput && !op.isView) extend(buffer, backwardTime(i));
        }
    }

    void addSaved(std::size_t i) {
        Program::Op& op = m_program.ops[i];
        const std::int64_t last = m_training ? backwardTime(i) : forwardTime(i);
        // Without training only where a layer itself says so: what passes between its parts, for the one call.
        const bool saves = m_training || op.plan.savedInInference;
        if (op.plan.savedPerSample > 0 && saves) op.saved = addBuffer(op.plan.savedPerSample * m_batch, forwardTime(i), last);
        if (op.plan.savedPerBatch > 0) op.savedBatch = addBuffer(op.plan.savedPerBatch, forwardTime(i), last);
    }

    /// The gradient of op i's output. Consumers run backward in falling order: the last one writes first, straight
    /// into the buffer; the others write into a temporary of their own that the network adds.
    void addGradient(std::size_t i) {
        Program::Op& op = m_program.ops[i];
        op.inputGrads.assign(op.inputs.size(), Program::kNone);
        op.gradIsExtra.assign(op.inputs.size(), false);
        if (!op.wantsGrad) return;
        const std::int64_t floats = op.plan.output.count() * m_batch;
        if (i + 1 == m_program.ops.size()) {
            op.outputGrad = addBuffer(floats, m_n, backwardTime(i));
            return;
        }
        std::vector<std::pair<std::size_t, std::size_t>> uses; // (consumer, its slot), in the order of their backward
        for (std::size_t c = m_program.ops.size(); c-- > i + 1;) {
            for (std::size_t s = 0; s < m_program.ops[c].inputs.size(); ++s) {
                if (m_program.ops[c].inputs[s] == static_cast<int>(i)) uses.emplace_back(c, s);
            }
        }
        const auto [first, firstSlot] = uses.front();
        if (uses.size() == 1 && m_program.ops[first].isView) {
            op.outputGrad = m_program.ops[first].outputGrad;
            extend(op.outputGrad, backwardTime(i));
        } else {
            op.outputGrad = addBuffer(floats, backwardTime(first), backwardTime(i));
        }
        m_program.ops[first].inputGrads[firstSlot] = op.outputGrad;
        for (std::size_t u = 1; u < uses.size(); ++u) {
            const auto [consumer, slot] = uses[u];
            m_program.ops[consumer].inputGrads[slot] = addBuffer(floats, backwardTime(consumer), backwardTime(consumer));
            m_program.ops[consumer].gradIsExtra[slot] = true;
        }
    }

    Program& m_program;
    std::int64_t m_batch;
    bool m_training, m_keep;
    std::int64_t m_n;
};

} // namespace

std::int64_t Program::bytes(int workers, bool training) const {
    const std::int64_t floats = memory.total + parameterFloats + (training ? trainableFloats : 0) + sharedScratch +
                                workers * scratchPerWorker + chunks * scratchPerChunk;
    return floats * static_cast<std::int64_t>(sizeof(float));
}

Result<Program> makeProgram(const ModelGraph& graph, const CompileOptions& options) {
    const GraphReport report = analyse(graph);
    Result<NodeId> output = singleOutput(graph, report);
    if (!output) return output.error();

    Program program;
    if (Result<> added = addOps(program, graph, report, *output); !added) return added.error();
    double sum = 0; // in double first: a hostile file may ask for more than 64 bits can count
    for (const Program::Op& op : program.ops) {
        double values = 1;
        for (const std::int64_t d : op.plan.output.dims()) values *= static_cast<double>(d);
        sum += values * static_cast<double>(options.batch);
        sum += static_cast<double>(op.plan.savedPerSample) * static_cast<double>(options.batch);
        for (const WeightSpec& w : op.plan.weights) {
            double count = 1;
            for (const std::int64_t d : w.dims) count *= static_cast<double>(d);
            sum += count;
        }
    }
    if (sum > 1e12) {
        return failure("network.memory", fmt::format("This network needs about {:.0f} GB; make layers smaller or the batch shorter.",
                                                     sum * 4e-9));
    }
    placeParameters(program);
    program.chunks = batchChunks(options.batch);
    BufferMaker(program, options).run();
    program.memory = planMemory(program.buffers);
    for (const Program::Op& op : program.ops) {
        program.sharedScratch = std::max(program.sharedScratch, aligned(op.plan.sharedScratch));
        program.scratchPerWorker = std::max(program.scratchPerWorker, aligned(op.plan.scratchPerWorker));
        program.scratchPerChunk = std::max(program.scratchPerChunk, aligned(op.plan.scratchPerChunk));
    }
    return program;
}

} // namespace strata
