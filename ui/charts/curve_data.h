// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>

#include <optional>
#include <vector>

namespace strata::ui {

/// One finished epoch: its number from 1, the mean over its batches, and the validation value if there was
/// one.
struct EpochPoint {
    int epoch = 0;
    double train = 0;
    std::optional<double> validation;
};

/// Points of a curve thinned for the screen: of all points in a column, the first to reach its least and its
/// largest value stay, so that no spike is lost. Adding costs the same however many points there are.
class CurveReducer {
public:
    static constexpr int kColumns = 249; // two points each, and the newest: at most 499 points

    explicit CurveReducer(double xMax = 1) { reset(xMax); }
    /// Forgets all points; columns divide [0, xMax].
    void reset(double xMax);
    /// A point that is not finite is left out. Points come in the order of x.
    void add(double x, double y);
    /// In the order of x, and with the newest point, so that the curve ends where the training is.
    QList<QPointF> points() const;
    bool isEmpty() const { return m_count == 0; }

private:
    struct Column {
        QPointF least, largest;
        bool used = false;
    };
    double m_xMax = 1;
    std::vector<Column> m_columns;
    QPointF m_newest;
    std::size_t m_count = 0;
};

/// The values of one measure (loss, accuracy) over a training: batches and epochs, and the smoothed batches.
class CurveData {
public:
    CurveData() { clear(); }

    void clear();
    /// At least 1: the planned last epoch is the end of the x axis. It grows by itself when a training goes
    /// further.
    void setPlannedEpochs(int epochs);
    int plannedEpochs() const { return m_planned; }
    /// How many batches the smoothed line averages (a trailing mean); 1 shows them as they are.
    void setSmoothing(int batches);
    int smoothing() const { return m_smoothing; }

    /// x in epochs: after the first half of the first epoch 0.5. Values that are not finite leave a gap
    /// unseen but count as batches.
    void appendBatch(double epochPosition, double value);
    void appendEpoch(const EpochPoint& point);

    const std::vector<QPointF>& batches() const { return m_batches; }
    const std::vector<EpochPoint>& epochs() const { return m_epochs; }
    bool isEmpty() const { return m_batches.empty() && m_epochs.empty(); }
    bool hasValidation() const;
    /// The trailing mean at batch i; NaN where no finite value is in its reach. requires: i <
    /// batches().size()
    double smoothedAt(std::size_t i) const;

    /// Newest values, as the legend shows them: the last epoch's mean, which a record and Keras tell, too (before there is
    /// one, the smoothed batches), and the last validation.
    std::optional<double> latestTrain() const;
    std::optional<double> latestValidation() const;

    /// What is drawn; each at most 500 points. Without batches the train line goes through the epochs' means.
    QList<QPointF> rawPoints() const { return m_raw.points(); }
    QList<QPointF> trainPoints() const;
    QList<QPointF> validationPoints() const;

private:
    void rebuild();

    int m_planned = 1;
    int m_smoothing = 50;
    std::vector<QPointF> m_batches;
    std::vector<double> m_sums;        // of the finite values of the first i batches
    std::vector<std::size_t> m_finite; // how many of them are finite
    std::vector<EpochPoint> m_epochs;
    CurveReducer m_raw, m_smooth;
};

} // namespace strata::ui
