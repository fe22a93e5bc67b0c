// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/curve_chart.h"
#include "ui/look/metrics.h"
#include "ui/training/training_session.h"

#include <QWidget>

#include <array>

class QCheckBox;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace strata::ui {

class CornerRow;
class IconLabel;
class MetricChart;
class Notice;
class TickLabel;

/// The Training tab: figures of the run at the left, the curves of loss and accuracy beside them.
class TrainingPanel : public QWidget {
    Q_OBJECT
public:
    explicit TrainingPanel(TrainingSession& session, QWidget* parent = nullptr);

    /// "Logarithmic", the smoothing and the export: for the right end of the tabs' row.
    QWidget* corner() const;
    CurveChart& lossChart() const { return *m_loss; }
    CurveChart& accuracyChart() const { return *m_accuracy; }
    void setDensity(Density density);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {400, 120}; }

private:
    enum Figure { Elapsed, Left, Speed, Rate, Best, Test, FigureCount };
    void buildFigures(QVBoxLayout& column);
    void buildCorner();
    void fillChoices(QMenu& menu);
    void showState();
    void showProgress(const RunProgress& progress);
    /// "batch 40 of 1,600", or shorter: whole in any case.
    void writeDetail();
    void showHistory();
    void begin(std::int64_t firstEpoch, std::int64_t epochs);
    void addCurve(const TrainedState& trained);
    void showTest();
    void showResult(RunOutcome outcome, const QString& message);
    void showRows();
    void set(Figure figure, const QString& value);
    void exportPicture();
    void exportValues();
    void chooseSmoothing(int batches);
    /// Accuracy, or what the metric chart has. Empty: accuracy.
    void chooseFigure(const QString& name);
    void fillFigures();

    TrainingSession& m_session;
    CurveChart *m_loss, *m_accuracy;
    MetricChart* m_metric;
    QStackedWidget* m_second; ///< accuracy, or another figure
    QWidget* m_left;
    CornerRow* m_corner;
    QCheckBox* m_logarithmic;
    IconLabel* m_dot;
    QLabel* m_title;
    QLabel* m_detail;
    struct Row {
        QLabel* name;
        TickLabel* value;
    };
    std::array<Row, FigureCount> m_rows;
    Notice* m_notice;
    std::optional<RunOutcome> m_outcome;            ///< of the last run of this document
    std::shared_ptr<const TrainedState> m_outcomeOf; ///< what the document had when it ended
    QPushButton *m_smoothing, *m_figure;
    std::shared_ptr<const TrainedState> m_curvesOf; ///< whose curves the charts show
    std::shared_ptr<const TrainedState> m_before;   ///< what the document had when the run began
    Density m_density = Density::Regular;
};

} // namespace strata::ui
