// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>

namespace strata::ui {

class TrainingSession;

/// What a run of the drawing would take, in bytes, as the engine plans it: the number that the trainer tells when it begins,
/// and refuses by; without data that fit, of images that the drawing takes. Found on another thread, a moment after the last edit.
class MemoryForecast : public QObject {
    Q_OBJECT
public:
    explicit MemoryForecast(TrainingSession& session, QObject* parent = nullptr);

Q_SIGNALS:
    /// For a run, and for predicting a batch; both 0 while the drawing has mistakes.
    void told(qint64 training, qint64 inference);

private:
    void plan();

    TrainingSession& m_session;
    QTimer m_quiet;
    int m_number = 0; ///< an older answer comes too late
    QThreadPool m_pool; // last: its thread ends before anything else goes
};

} // namespace strata::ui
