// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspect/digit_frame.h"
#include "ui/inspect/looker.h"
#include "ui/look/metrics.h"
#include "ui/training/training_session.h"

#include <QWidget>

#include <optional>

class QLabel;

namespace strata::ui {

class ClassBars;
class DrawPad;
class TestAnswers;
class TestImages;

/// The Test tab: how the test images were answered, and what the network says to a picture or drawing of one's own.
class TestPanel : public QWidget {
    Q_OBJECT
public:
    explicit TestPanel(TrainingSession& session, QWidget* parent = nullptr);

    void setPinned(std::int64_t index);
    void setDensity(Density density);
    /// Shows the network a picture from a file.
    void showPicture(const QString& path);
    DrawPad& pad() const { return *m_pad; }
    ClassBars& bars() const { return *m_bars; }
    TestImages& images() const;

Q_SIGNALS:
    /// A test image was clicked.
    void pinTest(std::int64_t index);
    /// The picture or drawing is to be followed through the network.
    void pinPicture(const std::vector<float>& values, const strata::Shape& shape, const QString& title);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildOwn();
    void ask();
    void measureFrame();
    void choosePicture();
    std::optional<Shape> inputShape() const;

    TrainingSession& m_session;
    TestAnswers* m_answers;
    QLabel *m_title, *m_sentence;
    DrawPad* m_pad;
    ClassBars* m_bars;
    Looker m_looker;
    std::shared_ptr<const Dataset> m_framed; ///< the data that m_frame was measured on
    std::optional<DigitFrame> m_frame; ///< none while it is being measured
    std::vector<float> m_picture; ///< raw values of a picture from a file; empty: the drawing counts
    Shape m_pictureShape;
    QString m_path;
    QThreadPool m_pool;
};

} // namespace strata::ui
