// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/program.h"

#include "engine/core/memory.h"
#include "engine/network/memory_refusal.h"
#include "engine/core/said.h"
#include "engine/graph/flatten.h"
#include "engine/layers/sizes.h"

#include <algorithm>
#include <map>

namespace strata {
namespace {

Result<NodeId> singleOutput(const ModelGraph& graph, const GraphReport& report) {
    for (const Problem& p : report.problems) {
        if (p.severity == Severity::Error) return failure(p.id, p.text);
    }
    if (report.inputs.empty()) return failure("network.no_input", said("The network has no Input; add one and connect it."));
    if (report.inputs.size() > 1) {
        return failure("network.inputs", said("The network has {} inputs ({}, {}); it can be run with one only.",
                                              report.inputs.size(), graph.find(report.inputs[0])->name,
                                              graph.find(report.inputs[1])->name));
    }
    if (report.outputs.empty()) return failure("network.no_output", said("The network has no output; connect a layer to the Input."));
    if (report.outputs.size() > 1) {
        return failure("network.outputs", said("The network ends in {} places ({}, {}); it can be run with one output only: "
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
        const NodeReport& found = *report.find(id);
        if (!found.plan.output.isKnown()) {
            return failure("network.unknown_size",
                           said("{} \"{}\": its shape {} has sizes that are not known; give the Input a height and a width.",
                                node.type, node.name, found.plan.output.text()));
        }
        Program::Op op;
        op.node = id;
        op.type = findLayerType(node.type);
        op.params = node.params;
        op.trainable = node.trainable;
        op.plan = found.plan;
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
                program.parameterFloats += alignedFloats(spec.count());
            }
        }
        if (trained) program.trainableFloats = program.parameterFloats;
    }
    for (Program::Op& op : program.ops) {
        const bool own = op.trainable && std::ranges::any_of(op.plan.weights, &WeightSpec::trainable);
        op.wantsGrad = own || std::ranges::any_of(op.inputs, [&](int i) { return program.ops[static_cast<std::size_t>(i)].wantsGrad; });
    }
}

/// A relu that follows a layer which can do it is a view of that layer's output.
void foldRelus(Program& program) {
    for (Program::Op& op : program.ops) {
        if (!op.plan.isRelu) continue;
        Program::Op& producer = program.ops[static_cast<std::size_t>(op.inputs[0])];
        const auto uses = [&](const Program::Op& o) { return std::ranges::find(o.inputs, op.inputs[0]) != o.inputs.end(); };
        if (!producer.plan.takesRelu || producer.plan.activityRegularizer || producer.relu || std::ranges::count_if(program.ops, uses) != 1) continue;
        producer.relu = op.isView = true;
        producer.plan.backwardReadsOutput |= producer.plan.readsOutputBehindRelu;
    }
}

/// The layer that reads what op i makes, behind a relu that is a view of it; kNone if there is not exactly one.
int onlyReader(const Program& program, int i) {
    int reader = Program::kNone;
    for (std::size_t k = 0; k < program.ops.size(); ++k) {
        const auto uses = std::ranges::count(program.ops[k].inputs, i);
        if (uses > 1 || (uses == 1 && reader != Program::kNone)) return Program::kNone;
        if (uses == 1) reader = static_cast<int>(k);
    }
    if (reader == Program::kNone) return reader;
    const Program::Op& op = program.ops[static_cast<std::size_t>(reader)];
    return op.isView && op.plan.isRelu ? onlyReader(program, reader) : reader;
}

/// A normalization is done by the layer behind it as it reads, and its backward pass by the layer before it.
void leaveToNeighbours(Program& program) {
    for (std::size_t i = 0; i < program.ops.size(); ++i) {
        Program::Op& op = program.ops[i];
        if (op.inputs.size() != 1 || op.inputs[0] == 0 || op.plan.activityRegularizer) continue;
        const int index = static_cast<int>(i);
        if (const int reader = onlyReader(program, index); op.plan.fusion.leavesMap && reader != Program::kNone) {
            Program::Op& by = program.ops[static_cast<std::size_t>(reader)];
            if (by.plan.fusion.takesMap && (!op.relu || by.plan.fusion.takesMapRelu)) {
                op.leavesOutput = true;
                by.mapsFrom.resize(by.inputs.size(), Program::kNone);
                for (std::size_t k = 0; k < by.inputs.size(); ++k) {
                    const Program::Op& from = program.ops[static_cast<std::size_t>(by.inputs[k])];
                    if (by.inputs[k] == index || (from.isView && from.inputs[0] == index)) by.mapsFrom[k] = index;
                }
            }
        }
        Program::Op& before = program.ops[static_cast<std::size_t>(op.inputs[0])];
        if (op.plan.fusion.leavesGradientMap && before.plan.fusion.takesGradientMap && before.wantsGrad &&
            !before.relu && !before.plan.activityRegularizer && onlyReader(program, op.inputs[0]) == index) {
            op.leavesInputGrad = true;
            before.gradientMapFrom = index;
        }
        if (op.plan.fusion.takesReluGradient && before.plan.fusion.leavesReluGradient && !before.plan.activityRegularizer &&
            onlyReader(program, op.inputs[0]) == index) {
            op.takesReluGradient = before.leavesReluGradient = true;
            before.plan.backwardReadsOutput = false;
        }
    }
}

/// A layer that works by chunks joins the group of the one before it; one that gathers begins a group, since it
/// must wait for all chunks. Without training buffers are better used again soon than kept in the cache.
void makeGroups(Program& program, bool training) {
    const auto group = [training](std::vector<Program::Op>& ops, int Program::Op::* number, bool backwards) {
        int current = 0;
        bool open = false;
        for (std::size_t k = 0; k < ops.size(); ++k) {
            Program::Op& op = ops[backwards ? ops.size() - 1 - k : k];
            const bool joins = training && open && (op.isView || (op.plan.byChunks && !op.plan.gathers));
            if (!joins && k > 0) ++current;
            open = op.isView || op.plan.byChunks;
            op.*number = current;
        }
    };
    group(program.ops, &Program::Op::forwardGroup, false);
    group(program.ops, &Program::Op::backwardGroup, true);
}

/// Lays buffers on a time line: each group has its time, first forward, then backward.
class BufferMaker {
public:
    BufferMaker(Program& program, const CompileOptions& options)
        : m_program(program), m_batch(options.batch), m_training(options.training), m_keep(options.keepActivations),
          m_forwardGroups(program.ops.back().forwardGroup + 1) {}

    void run() {
        for (std::size_t i = 0; i < m_program.ops.size(); ++i) addOutput(i);
        for (std::size_t i = 0; i < m_program.ops.size(); ++i) addSaved(i);
        for (std::size_t i = 0; i < m_program.ops.size(); ++i) extendMaps(i);
        if (!m_training) return;
        for (std::size_t i = m_program.ops.size(); i-- > 0;) addGradient(i);
    }

private:
    std::int64_t forwardTime(std::size_t op) const { return m_program.ops[op].forwardGroup; }
    std::int64_t backwardTime(std::size_t op) const { return m_forwardGroups + m_program.ops[op].backwardGroup; }
    std::int64_t end() const { return m_forwardGroups + m_program.ops.front().backwardGroup + 1; }

    std::int64_t usesOf(int op) const {
        std::int64_t uses = 0;
        for (const Program::Op& o : m_program.ops) uses += std::ranges::count(o.inputs, op);
        return uses;
    }
    /// The input whose place its output may take, since nobody else reads it; none: -1.
    int inputInPlace(const Program::Op& op) const {
        if (m_keep || !op.plan.inPlace) return -1;
        for (const int input : op.inputs) {
            const Program::Op& producer = m_program.ops[static_cast<std::size_t>(input)];
            if (input != 0 && usesOf(input) == 1 && !producer.isView && !producer.leavesOutput && !producer.plan.backwardReadsOutput &&
                !producer.plan.activityRegularizer && producer.plan.output == op.plan.output)
                return input;
        }
        return -1;
    }

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
        const int place = op.isView || op.leavesOutput ? op.inputs[0] : inputInPlace(op);
        if (place >= 0) {
            op.output = m_program.ops[static_cast<std::size_t>(place)].output;
        } else {
            op.output = addBuffer(op.plan.output.count() * m_batch, forwardTime(i), forwardTime(i));
        }
        // What stays: the input (the caller's array), the output, everything when one wants to look inside.
        if (m_keep || i == 0 || i + 1 == m_program.ops.size()) extend(op.output, end());
        extend(op.output, forwardTime(i));
        if (m_training && op.plan.backwardReadsOutput && !op.isView) extend(op.output, backwardTime(i));
        if (m_training && (op.plan.activityRegularizer || op.gradientMapFrom != Program::kNone))
            extend(op.output, backwardTime(i));
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
    /// What an op knows of a neighbour that leaves it work lasts as long as that work.
    void extendMaps(std::size_t i) {
        const Program::Op& op = m_program.ops[i];
        const std::int64_t last = m_training ? backwardTime(i) : forwardTime(i);
        for (const int from : op.mapsFrom) {
            if (from != Program::kNone) extend(m_program.ops[static_cast<std::size_t>(from)].savedBatch, last);
        }
        if (m_training && op.gradientMapFrom != Program::kNone)
            extend(m_program.ops[static_cast<std::size_t>(op.gradientMapFrom)].savedBatch, last);
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
            op.outputGrad = addBuffer(floats, m_forwardGroups, backwardTime(i));
            return;
        }
        std::vector<std::pair<std::size_t, std::size_t>> uses; // (consumer, its slot), in the order of their backward
        for (std::size_t c = m_program.ops.size(); c-- > i + 1;) {
            for (std::size_t s = 0; s < m_program.ops[c].inputs.size(); ++s) {
                if (m_program.ops[c].inputs[s] == static_cast<int>(i)) uses.emplace_back(c, s);
            }
        }
        const auto [first, firstSlot] = uses.front();
        Program::Op& consumer = m_program.ops[first];
        const bool inPlace = consumer.plan.gradientInPlace && std::ranges::find(consumer.inputGrads, consumer.outputGrad) == consumer.inputGrads.end();
        if ((uses.size() == 1 && (consumer.isView || inPlace)) || sharesGradient(i, consumer)) {
            op.outputGrad = consumer.outputGrad;
            extend(op.outputGrad, backwardTime(i));
        } else {
            op.outputGrad = addBuffer(floats, backwardTime(first), backwardTime(i));
        }
        m_program.ops[first].inputGrads[firstSlot] = op.outputGrad;
        for (std::size_t u = 1; u < uses.size(); ++u) {
            const auto [other, slot] = uses[u];
            if (Program::Op& adder = m_program.ops[other]; adder.plan.fusion.addsGradient && adder.inputs.size() == 1) {
                adder.inputGrads[slot] = op.outputGrad;
                adder.addsGradient = true;
                continue;
            }
            m_program.ops[other].inputGrads[slot] = addBuffer(floats, backwardTime(other), backwardTime(other));
            m_program.ops[other].gradIsExtra[slot] = true;
        }
    }

    /// Op i's gradient may lie where `consumer` has its own, although another input's lies there already: that input
    /// leaves it to the layer before it, which only reads it. Either i does the same, or the layer has read it before i,
    /// or anybody that adds to i's gradient, writes.
    bool sharesGradient(std::size_t i, const Program::Op& consumer) const {
        if (!consumer.plan.fusion.sharesGradient || m_program.ops[i].plan.activityRegularizer) return false;
        for (std::size_t s = 0; s < consumer.inputs.size(); ++s) {
            if (consumer.inputGrads[s] == Program::kNone || consumer.inputs[s] == static_cast<int>(i)) continue;
            const Program::Op& other = m_program.ops[static_cast<std::size_t>(consumer.inputs[s])];
            const std::size_t reader = other.inputs.empty() ? 0 : static_cast<std::size_t>(other.inputs[0]);
            if (consumer.inputGrads[s] != consumer.outputGrad || !onlyReadsGradient(other)) return false;
            return lastUseBefore(i, consumer) < reader || (usesOf(static_cast<int>(i)) == 1 && onlyReadsGradient(m_program.ops[i]));
        }
        return false;
    }
    static bool onlyReadsGradient(const Program::Op& op) {
        return op.leavesInputGrad && !op.relu && !op.plan.activityRegularizer;
    }
    /// The last op that reads i, but for `consumer`, which comes after it; i itself if there is none.
    std::size_t lastUseBefore(std::size_t i, const Program::Op& consumer) const {
        std::size_t last = i;
        for (std::size_t c = i + 1; c < m_program.ops.size(); ++c) {
            const bool reads = std::ranges::find(m_program.ops[c].inputs, static_cast<int>(i)) != m_program.ops[c].inputs.end();
            if (reads && &m_program.ops[c] != &consumer) last = c;
        }
        return last;
    }

    Program& m_program;
    std::int64_t m_batch;
    bool m_training, m_keep;
    std::int64_t m_forwardGroups;
};

/// What all ops need together, but not much more than the largest of them.
void placeScratch(Program& program) {
    constexpr std::int64_t kEnough = 2 << 20; // floats
    std::int64_t shared = 0;
    std::int64_t chunked = 0;
    for (const Program::Op& op : program.ops) {
        const std::int64_t ofChunks = alignedFloats(op.plan.scratchPerChunk) * program.chunks;
        shared += alignedFloats(op.plan.sharedScratch);
        chunked += ofChunks;
        program.sharedScratch = std::max(program.sharedScratch, alignedFloats(op.plan.sharedScratch));
        program.chunkScratch = std::max(program.chunkScratch, ofChunks);
        program.scratchPerWorker = std::max(program.scratchPerWorker, alignedFloats(op.plan.scratchPerWorker));
    }
    program.sharedScratch = std::max(program.sharedScratch, std::min(shared, kEnough));
    program.chunkScratch = std::max(program.chunkScratch, std::min(chunked, kEnough));
}

} // namespace

std::int64_t Program::bytes(int workers, bool training) const {
    const std::int64_t floats = memory.total + parameterFloats + (training ? trainableFloats : 0) + sharedScratch +
                                workers * scratchPerWorker + chunkScratch;
    return floats * static_cast<std::int64_t>(sizeof(float));
}

Result<Program> makeProgram(const ModelGraph& drawing, const CompileOptions& options) {
    const ModelGraph graph = flatten(drawing);
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
        return memoryRefusal(said("This network"), {sum * sizeof(float), options.batch, availableMemory()});
    }
    placeParameters(program);
    program.chunks = batchChunks(options.batch);
    if (!options.keepActivations) {
        foldRelus(program);
        leaveToNeighbours(program);
    }
    makeGroups(program, options.training);
    BufferMaker(program, options).run();
    program.memory = planMemory(program.buffers);
    placeScratch(program);
    return program;
}

} // namespace strata
