// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/interop/document_state.h"
#include "engine/interop/keras_archive.h"
#include "ui/document/repair_book.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <functional>

namespace strata::ui {

/// What else than the drawing an edit changed.
struct StateDiff {
    bool data = false, training = false, notes = false, trained = false, silenced = false;
    bool any() const { return data || training || notes || trained || silenced; }
};

/// The one document of a window: the undoable value, its analysis and its file. Views hold ids and listen; the only
/// door for change is edit(), so that undo can never miss one.
class GraphDocument : public QObject {
    Q_OBJECT
public:
    explicit GraphDocument(QObject* parent = nullptr);
    ~GraphDocument() override;

    const DocumentState& state() const { return m_state; }
    const ModelGraph& graph() const { return m_state.graph; }
    const GraphReport& report() const { return m_report; }
    const AnalysisContext& context() const { return m_context; }
    QUndoStack& undoStack() { return m_stack; }
    const QUndoStack& undoStack() const { return m_stack; }

    /// Copies the state, lets `change` work on the copy and pushes the difference as one undo step named `text`; no
    /// difference, no step (then false), and none where the drawing would become more than a file holds: see refused().
    /// Edits in a row with the same non-empty `mergeKey` are one step until
    /// closeSeries(), another edit, an undo or a save comes between.
    bool edit(const QString& text, const std::function<void(DocumentState&)>& change, const QString& mergeKey = {});
    /// Ends a series of merging edits: the mouse went up, the field lost the focus.
    void closeSeries() { ++m_series; }

    /// What is known of the chosen data; judged by the analysis, no part of the undoable state.
    void setDataInfo(std::optional<Shape> sampleShape, std::optional<int> classes);

    /// The ways to mend a problem of the present report, found once. / Does one of them as one undo step.
    std::vector<Repair> repairs(const Problem& problem) const { return m_repairs->find(problem); }
    RepairBook& repairBook() const { return *m_repairs; }
    bool applyRepair(const Repair& repair);
    /// What the cards would say if the repair were applied; shown while the pointer or the focus is on it. The document
    /// itself does not change. An empty pointer ends it, and so does every edit.
    void preview(const Repair* repair);
    const std::optional<GraphReport>& previewed() const { return m_preview; }

    /// Hides a hint or warning (at its card, or of its kind everywhere), or shows all again: undoable, kept in the file.
    void silence(const Problem& problem, bool everywhere);
    void showSilenced();

    /// Begins anew with this state: nothing to undo. `path` empty: has no file yet.
    void reset(DocumentState state, const QString& path = {});
    /// Begins anew with a state that is not what its file holds. Modified from the start.
    void restore(DocumentState state, const QString& path);
    /// Replaces the document by a file's; on an error nothing changes. The file is read on another thread while the window
    /// goes on painting; where that takes longer than a moment, openingTakesLong() asks for a way to stop it, and who
    /// answers keeps people's hands from the document. Where the document became another one meanwhile all the same,
    /// `mayReplace` decides just before the file is put in its place.
    /// Errors also: file.opening_stopped, file.opening (one at a time).
    Result<OpenedDocument> open(const QString& path, const std::function<bool()>& mayReplace = {});
    /// The same with a recovered autosave of the document that was at `originalPath`.
    Result<OpenedDocument> recover(const QString& file, const QString& originalPath);
    bool isOpening() const { return m_opening != nullptr; }
    void stopOpening();
    /// Writes the file in one atomic step on another thread, while the window goes on painting; the state that was
    /// there at the call is what is saved.
    Result<SaveReport> save(const QString& path);

    const QString& path() const { return m_path; }
    /// The file's name, or "Untitled".
    QString title() const;
    bool isModified() const { return m_restored || !m_stack.isClean(); }

Q_SIGNALS:
    /// The drawing changed in exactly this.
    void changed(const strata::GraphDiff& diff);
    void stateChanged(const strata::ui::StateDiff& diff);
    void analysed(const strata::GraphReport& report);
    void previewChanged();
    /// An edit was not made, and why.
    void refused(const QString& why);
    /// Another document is in the window: views forget what they remembered of the old one.
    void replaced();
    void titleChanged();
    void saved(const QString& path);
    void openingTakesLong(const QString& path);
    void openingEnded();

private:
    class StateEdit;
    struct Opening;
    void apply(const DocumentState& state);
    Result<OpenedDocument> read(const QString& path, const std::function<bool()>& mayReplace);
    bool waitFor(Opening& opening, const QString& path);
    void replaceBy(DocumentState state, const QString& path);
    void analyseAgain();
    void readContext();

    DocumentState m_state;
    AnalysisContext m_context;
    GraphReport m_report;
    std::optional<GraphReport> m_preview;
    RepairBook* m_repairs;
    QUndoStack m_stack;
    QString m_path;
    Opening* m_opening = nullptr; ///< until it is stopped, or its file may be put in place
    int m_series = 0;
    bool m_restored = false;
};

/// What the loss setting says about the network's last activation: it wants logits, probabilities, or is silent.
std::optional<bool> lossFromLogits(const TypedParams& loss);

} // namespace strata::ui
