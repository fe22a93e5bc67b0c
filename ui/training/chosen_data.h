// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"
#include "engine/interop/data_choice.h"
#include "ui/document/graph_document.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <atomic>
#include <optional>
#include <stop_token>

namespace strata::ui {

/// The data set that the document has chosen, opened: follows the choice, reads on a thread of its own, and tells the
/// document what the images are like. There is none while one is being opened or where opening failed.
class ChosenData : public QObject {
    Q_OBJECT
public:
    explicit ChosenData(GraphDocument& document, QObject* parent = nullptr);
    ~ChosenData() override;

    const DataSource* source() const { return m_source ? &*m_source : nullptr; }
    bool isOpening() const { return m_opening; }
    /// Between 0 and 1; negative: not known yet.
    double share() const;
    /// Why there is none; empty otherwise.
    QString problem() const { return m_problem; }
    /// What people call it: the data set's name, or the choice's while it is not open.
    QString name() const;

    /// As the document has it: a built-in name or a path.
    QString choice() const { return QString::fromStdString(m_document.state().data.source); }

    /// How many images train and how many validate at the document's validation share.
    std::int64_t trainCount() const;
    std::int64_t validationCount() const;
    /// The part that training never sees; where there is none, the training part. Null without data.
    std::shared_ptr<const Dataset> testPart() const;
    bool hasTestPart() const { return m_source && m_source->test != nullptr; }
    std::vector<std::string> classNames() const;
    /// What happens to the values 0..255 before they reach the network.
    Scaling scaling() const;

    /// Chooses another: one undoable edit.
    void choose(const QString& source);
    /// Brings the images to the size and the channels that the network's input wants, or leaves them as they are.
    void fitToInput(bool on);
    bool isFitted() const;
    /// The input's size where it is known: (H, W, C).
    std::optional<Shape> inputShape() const;
    /// Opens the choice again, also one that failed before.
    void open();
    void cancel();

Q_SIGNALS:
    /// Opened, closed, failed, or being opened.
    void changed();
    void progressed(double share);

private:
    struct Progress {
        std::atomic<std::int64_t> done{0}, total{0};
    };
    void follow();
    void opened(const DataChoice& choice, Result<DataSource> result);

    GraphDocument& m_document;
    std::optional<DataChoice> m_choice; ///< that is open, being opened, or failed
    std::optional<DataSource> m_source;
    QString m_problem;
    bool m_opening = false;
    std::stop_source m_stop;
    std::shared_ptr<Progress> m_progress;
    QTimer m_tick;
    QThreadPool m_pool; // last: its thread ends before anything else goes
};

} // namespace strata::ui
