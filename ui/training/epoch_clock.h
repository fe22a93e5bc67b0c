// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/epoch_estimate.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

namespace strata::ui {

class TrainingSession;
struct RunProgress;

/// What an epoch takes: before a run as the machine's times for the layers say, a moment after the last edit and on a
/// thread of its own; after an epoch as it was. Nothing is measured while a run goes on.
class EpochClock : public QObject {
    Q_OBJECT
public:
    explicit EpochClock(TrainingSession& session, QObject* parent = nullptr);
    ~EpochClock() override;

Q_SIGNALS:
    /// "about 12 s", and a sentence on where that comes from; both empty while it is not known.
    void told(const QString& time, const QString& how);
    /// What each card's layers take in training, seconds for one image; empty while it is not known.
    void layersTimed(const std::map<strata::NodeId, double>& seconds);

private:
    void forget();
    void estimate();
    void learned(const EpochDone& done);
    void watch(const RunProgress& progress);
    void tell(const QString& time, const QString& how);
    void show(const EpochEstimate& estimate, std::int64_t images, std::int64_t validationImages);

    TrainingSession& m_session;
    std::shared_ptr<LoneLayers> m_layers = std::make_shared<LoneLayers>();
    int m_round = 0;         ///< how often this drawing was measured
    double m_expected = 0;   ///< seconds; 0: nothing was measured of this drawing
    double m_validation = 0; ///< of them
    bool m_epochSeen = false; ///< of this run
    QString m_told;
    bool m_known = false; ///< what was told last says a time, and of this drawing
    std::stop_source m_stop; ///< of the measurement that goes on
    QTimer m_quiet;
    QThreadPool m_pool; // last: its thread ends before anything else goes
};

} // namespace strata::ui
