// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/graph_document.h"

#include "engine/graph/drawing_limits.h"
#include "engine/interop/data_choice.h"
#include "engine/training/optimizer.h"
#include "engine/training/parameter_update.h"
#include "ui/document/document_writer.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFileInfo>
#include <QTimer>
#include <QUndoCommand>

#include <stop_token>

namespace strata::ui {
namespace {

constexpr int kMomentMs = 400; ///< so long an opening needs no words

} // namespace

/// The only undo command: a swap of whole values.
class GraphDocument::StateEdit : public QUndoCommand {
public:
    StateEdit(GraphDocument& document, const QString& text, DocumentState after, QString mergeKey)
        : QUndoCommand(text)
        , m_document(document)
        , m_before(document.m_state)
        , m_after(std::move(after))
        , m_mergeKey(std::move(mergeKey))
        , m_series(document.m_series) {}

    void redo() override { m_document.apply(m_after); }
    void undo() override {
        m_document.closeSeries();
        m_document.apply(m_before);
    }
    int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const StateEdit*>(other);
        if (next->m_mergeKey != m_mergeKey || next->m_series != m_series) return false;
        m_after = next->m_after;
        setObsolete(m_after == m_before);
        return true;
    }

private:
    GraphDocument& m_document;
    DocumentState m_before, m_after;
    QString m_mergeKey;
    int m_series;
};

GraphDocument::GraphDocument(QObject* parent)
    : QObject(parent)
    , m_repairs(new RepairBook(this)) {
    connect(&m_stack, &QUndoStack::cleanChanged, this, &GraphDocument::titleChanged);
    readContext();
    m_report = analyse(m_state.graph, m_context);
    m_repairs->begin(m_state.graph, m_context);
}

GraphDocument::~GraphDocument() {
    // The stack's last words are of no interest to a document that is going.
    m_stack.disconnect(this);
}

bool GraphDocument::edit(const QString& text, const std::function<void(DocumentState&)>& change,
                         const QString& mergeKey) {
    DocumentState after = m_state;
    change(after);
    if (after == m_state) return false;
    if (const Result<> room = checkGrowth(m_state.graph, after.graph); !room) {
        Q_EMIT refused(QString::fromStdString(room.error().message));
        return false;
    }
    m_stack.push(new StateEdit(*this, text, std::move(after), mergeKey));
    return true;
}

void GraphDocument::apply(const DocumentState& state) {
    // The signals may lead to the next edit: work on a copy, not on a command that may be gone by then.
    const DocumentState before = std::exchange(m_state, state);
    const GraphDiff graphDiff = diff(before.graph, m_state.graph);
    const StateDiff stateDiff{before.data != m_state.data, before.training != m_state.training,
                              before.notes != m_state.notes, before.trained != m_state.trained,
                              before.silenced != m_state.silenced};
    if (!graphDiff.empty()) Q_EMIT changed(graphDiff);
    if (stateDiff.any()) Q_EMIT stateChanged(stateDiff);
    const bool scaledOtherwise = before.data.scaling != m_state.data.scaling;
    if (!graphDiff.onlyMoves() || stateDiff.training || stateDiff.silenced || scaledOtherwise) analyseAgain();
}

void GraphDocument::readContext() {
    m_context.lossFromLogits = lossFromLogits(m_state.training.loss);
    m_context.batchSize = m_state.training.batchSize;
    const Result<TypedParams> optimizer = checkOptimizer(m_state.training.optimizer);
    if (optimizer) m_context.optimizerSlots = createOptimizer(*optimizer)->keptArrays();
    m_context.largestValue = largestValueOf(m_state.data);
    m_context.silenced = m_state.silenced;
}

void GraphDocument::analyseAgain() {
    preview(nullptr);
    readContext();
    m_report = analyse(m_state.graph, m_context);
    m_repairs->begin(m_state.graph, m_context);
    Q_EMIT analysed(m_report);
}

void GraphDocument::setDataInfo(std::optional<Shape> sampleShape, std::optional<int> classes) {
    if (m_context.sampleShape == sampleShape && m_context.classes == classes) return;
    m_context.sampleShape = std::move(sampleShape);
    m_context.classes = classes;
    analyseAgain();
}

bool GraphDocument::applyRepair(const Repair& repair) {
    return edit(QString::fromStdString(repair.label), [&](DocumentState& state) {
        RepairTarget target = repairTarget(state.graph, m_context);
        repair.apply(target);
        state.graph = std::move(target.graph);
        state.training.batchSize = target.batchSize;
        if (target.lossFromLogits && target.lossFromLogits != m_context.lossFromLogits)
            state.training.loss.params["from_logits"] = *target.lossFromLogits;
        if (target.sampleShape == m_context.sampleShape) return;
        const Shape& images = *target.sampleShape;
        state.data.resizeHeight = images[0];
        state.data.resizeWidth = images[1];
        if (images[2] != (*m_context.sampleShape)[2]) state.data.colour = images[2] == 1 ? "grey" : "rgb";
    });
}

void GraphDocument::preview(const Repair* repair) {
    if (repair == nullptr) {
        if (!m_preview) return;
        m_preview.reset();
    } else {
        RepairTarget target = repairTarget(m_state.graph, m_context);
        repair->apply(target);
        m_preview = analyse(target.graph, contextAfter(m_context, target));
    }
    Q_EMIT previewChanged();
}

void GraphDocument::silence(const Problem& problem, bool everywhere) {
    if (problem.severity == Severity::Error) return;
    edit(everywhere ? tr("Hide hints of this kind") : tr("Hide a hint"), [&](DocumentState& state) {
        state.silenced.insert({problem.id, everywhere ? 0 : problem.node});
    });
}

void GraphDocument::showSilenced() {
    edit(tr("Show hidden hints"), [](DocumentState& state) { state.silenced.clear(); });
}

void GraphDocument::replaceBy(DocumentState state, const QString& path) {
    m_stack.clear();
    m_stack.setClean();
    closeSeries();
    m_path = path;
    Q_EMIT replaced();
    apply(state);
    analyseAgain();
}

void GraphDocument::reset(DocumentState state, const QString& path) {
    m_restored = false;
    replaceBy(std::move(state), path);
    Q_EMIT titleChanged();
}

void GraphDocument::restore(DocumentState state, const QString& path) {
    replaceBy(std::move(state), path);
    m_restored = true;
    Q_EMIT titleChanged();
}

struct GraphDocument::Opening {
    QEventLoop loop;
    std::stop_source stop;
    std::optional<Result<OpenedDocument>> result;
};

/// First without any input: what is typed in that moment comes after the file. False: it was stopped.
bool GraphDocument::waitFor(Opening& opening, const QString& path) {
    readDocument(path, opening.stop.get_token(), &opening.loop, [&opening](Result<OpenedDocument> opened) {
        opening.result = std::move(opened);
        opening.loop.quit();
    });
    QTimer::singleShot(kMomentMs, &opening.loop, &QEventLoop::quit);
    opening.loop.exec(QEventLoop::ExcludeUserInputEvents);
    if (!opening.result && !opening.stop.stop_requested()) {
        Q_EMIT openingTakesLong(path);
        // Nothing comes of it where a program was told to quit: it runs no event loop any more.
        if (!opening.stop.stop_requested()) opening.loop.exec();
        Q_EMIT openingEnded();
    }
    return opening.result.has_value() && !opening.stop.stop_requested();
}

Result<OpenedDocument> GraphDocument::read(const QString& path, const std::function<bool()>& mayReplace) {
    if (isOpening()) return failure("file.opening", tr("Another file is just being opened; stop that first.").toStdString());
    const DocumentState before = m_state;
    Opening opening;
    m_opening = &opening;
    const auto wanted = [&] {
        if (!waitFor(opening, path)) return false;
        // A training may have ended meanwhile. A file that could not be read takes nothing away.
        if (*opening.result && !(m_state == before) && mayReplace && !mayReplace()) return false;
        return !opening.stop.stop_requested();
    };
    const bool take = wanted();
    m_opening = nullptr;
    if (take) return std::move(*opening.result);
    opening.stop.request_stop();
    return failure("file.opening_stopped", tr("The opening was stopped.").toStdString());
}

void GraphDocument::stopOpening() {
    if (m_opening == nullptr) return;
    m_opening->stop.request_stop();
    m_opening->loop.quit();
}

Result<OpenedDocument> GraphDocument::recover(const QString& file, const QString& originalPath) {
    Result<OpenedDocument> opened = read(file, {});
    if (opened) restore(opened->state, originalPath);
    return opened;
}

Result<OpenedDocument> GraphDocument::open(const QString& path, const std::function<bool()>& mayReplace) {
    Result<OpenedDocument> opened = read(path, mayReplace);
    if (!opened) return opened.error();
    // What is left of a damaged file gets a name of its own when it is saved: the rest may still be rescued by others.
    if (opened->recovered) restore(opened->state, {});
    else reset(opened->state, QFileInfo(path).absoluteFilePath());
    return opened;
}

Result<SaveReport> GraphDocument::save(const QString& path) {
    closeSeries(); // what is edited while the writer is at work is a step of its own
    const DocumentState saving = m_state;
    QEventLoop loop;
    std::optional<Result<SaveReport>> result;
    DocumentWriter().write(saving, path, &loop, [&](const Result<SaveReport>& done) {
        result = done;
        loop.quit();
    });
    loop.exec(QEventLoop::ExcludeUserInputEvents);
    if (!result) { // a program that was told to quit runs no event loop any more
        DocumentWriter::waitForAll();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::MetaCall);
    }
    if (!result) return failure("file.write_failed", tr("The file was not saved: the program is ending.").toStdString());
    if (!*result) return result->error();
    m_path = QFileInfo(path).absoluteFilePath();
    m_restored = false;
    // An edit of ours (the end of a training) may have come while the writer was at work.
    if (m_state == saving) m_stack.setClean();
    Q_EMIT titleChanged();
    Q_EMIT saved(m_path);
    return *result;
}

QString GraphDocument::title() const {
    return m_path.isEmpty() ? tr("Untitled") : QFileInfo(m_path).fileName();
}

std::optional<bool> lossFromLogits(const TypedParams& loss) {
    if (!QString::fromStdString(loss.id).contains(QLatin1String("Crossentropy"), Qt::CaseInsensitive))
        return {};
    const auto it = loss.params.find("from_logits");
    if (it == loss.params.end() || it->second.asBool() == nullptr) return false;
    return *it->second.asBool();
}

} // namespace strata::ui
