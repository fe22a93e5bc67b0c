// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chart_scale.h"
#include "ui/charts/curve_data.h"
#include "ui/charts/value_range.h"
#include "ui/look/theme.h"

#include <QImage>
#include <QTimer>
#include <QWidget>

#include <memory>

namespace strata::ui {

/// One curve of another run, shown for comparison and named at its end.
struct ReferenceCurve {
    QString name;
    std::vector<QPointF> points; // (epoch, value)
};

/// How a measure is drawn.
struct CurveStyle {
    QString heading; ///< "Loss"
    NumberStyle numbers = NumberStyle::Plain;
    bool compact = false;     ///< the axis title moves into the heading
    bool logarithmic = false; ///< of the value axis
};

/// A learning curve: raw and smoothed training values, validation with a ring at each epoch, the best epoch,
/// values under the mouse. Appending only remembers; the picture is brought up to date once a frame (33 ms),
/// whatever the rate of the training, and never draws more than 500 points a series. It follows applyTheme by
/// itself.
class CurveChart : public QWidget {
    Q_OBJECT
public:
    explicit CurveChart(const CurveStyle& style, QWidget* parent = nullptr);
    ~CurveChart() override;

    const CurveData& data() const { return m_data; }
    /// What the values are.
    void setHeading(const QString& heading);
    /// Forgets all values, the best epoch and what was planned; references stay.
    void clear();
    void setPlannedEpochs(int epochs);
    /// epochPosition: 0.5 after the first half of the first epoch.
    void appendBatch(double epochPosition, double value);
    /// epoch: from 1.
    void appendEpoch(int epoch, double train, std::optional<double> validation = {});
    /// A vertical dotted line with "best, epoch 21"; nothing: no line.
    void setBestEpoch(std::optional<int> epoch);
    void setReferences(std::vector<ReferenceCurve> curves);

    void setSmoothing(int batches);
    void setLogarithmic(bool on);
    void setCompact(bool on);
    /// A theme of its own instead of the application's (for pictures).
    void setTheme(const Theme& theme);

    /// Draws what was appended now instead of at the next frame.
    void flush();
    /// The chart as it stands, `size` logical pixels large, `scale` pixels each.
    QImage image(QSize size, qreal scale = 2.0);

    /// What stands under the mouse at x pixels, a line each ("epoch 12", "train 0.031"); empty outside the
    /// plot.
    QStringList valuesAt(double x) const;
    /// How many points the longest of the series has that are drawn now.
    int largestSeries() const;
    /// The axis of the values.
    const ChartScale& valueScale() const { return m_y; }
    /// (epoch, value) of what lies farthest above the axis (below it), if anything does: marked at the plot's edge.
    std::optional<QPointF> above() const { return m_above; }
    std::optional<QPointF> below() const { return m_below; }

    QSize sizeHint() const override { return {560, 180}; }
    QSize minimumSizeHint() const override { return {240, 120}; }

protected:
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    friend class CurveView;
    struct Probe;
    void schedule();
    void restyle();
    void layoutPlot(QSize size);
    void updateScales();
    ValueRange shownRange();
    void findBeyond();
    void updateSeries();
    void describe();
    void setProbe(std::optional<double> x, bool byKeyboard);
    std::optional<Probe> probeAt(double x) const;
    QPointF toPixel(QPointF value) const;
    void paintGround(QPainter& painter);
    void paintOver(QPainter& painter);
    void paintAxes(QPainter& painter);
    void paintHeading(QPainter& painter);
    void paintBest(QPainter& painter);
    QRectF bestLabel(const QString& text) const;
    void paintBeyond(QPainter& painter);
    void paintMark(QPainter& painter, const QPointF& beyond, bool above);
    void paintReferences(QPainter& painter);
    void paintProbe(QPainter& painter);

    CurveStyle m_style;
    CurveData m_data;
    std::vector<ReferenceCurve> m_references;
    std::optional<int> m_best;
    std::optional<Theme> m_ownTheme;
    Theme m_theme;
    ChartScale m_x, m_y;
    QSize m_size; // of what is painted: the widget's, or the picture's
    QRectF m_plot;
    std::optional<double> m_probeX;
    bool m_probeByKeyboard = false;
    std::optional<QPointF> m_above, m_below;
    int m_clamped = 0; // values a logarithmic axis cannot show
    QTimer m_frame;
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

/// One measure of a finished training, for renderCurves.
struct CurvePicture {
    CurveStyle style;
    CurveData data;
    std::optional<int> bestEpoch;
};

/// Learning curves side by side on one picture, each `each` logical pixels large, without a window: needs a
/// QApplication, the "offscreen" platform is enough.
QImage renderCurves(const std::vector<CurvePicture>& curves, const Theme& theme, QSize each = {720, 360},
                    qreal scale = 2.0);

} // namespace strata::ui
