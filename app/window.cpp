// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window.h"

#include "app/studio.h"
#include "engine/core/said.h"
#include "engine/interop/run_record.h"
#include "ui/charts/curve_chart.h"
#include "ui/export/drawing_picture.h"
#include "ui/look/resources.h"
#include "ui/training/training_session.h"
#include "ui/window/application.h"
#include "ui/window/main_window.h"

#include <QApplication>

#include <optional>

namespace strata::app {
namespace {

/// Fonts and pictures need an application, and one without a display is enough.
class PaintingApplication {
public:
    PaintingApplication() {
        if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
        m_application.emplace(m_argc, m_argv);
        ui::installPlurals();
    }

private:
    int m_argc = 1;
    char m_name[7] = "strata";
    char* m_argv[2] = {m_name, nullptr};
    std::optional<QApplication> m_application;
};

} // namespace

int openWindow(int argc, char** argv) {
    return ui::runApplication(argc, argv, [](ui::MainWindow& window) {
        furnish(window).setRunsFolder(defaultRunsFolder());
    });
}

Result<> paintCurves(const std::vector<HistoryPoint>& history, const std::string& path) {
    const PaintingApplication application;
    ui::CurvePicture loss{{.heading = ui::MainWindow::tr("Loss")}, {}, {}};
    ui::CurvePicture accuracy{{.heading = ui::MainWindow::tr("Accuracy"), .numbers = ui::NumberStyle::Percent}, {}, {}};
    for (const HistoryPoint& p : history) {
        loss.data.appendEpoch({static_cast<int>(p.epoch), p.loss, p.validationLoss});
        accuracy.data.appendEpoch({static_cast<int>(p.epoch), p.accuracy, p.validationAccuracy});
    }
    const QImage image = ui::renderCurves({loss, accuracy}, ui::Theme::light());
    if (!image.save(QString::fromStdString(path), "PNG")) {
        return failure("curves.write", said("{}: the picture cannot be written; is the folder there and writable?", path));
    }
    return {};
}

Result<> paintDrawing(const DocumentState& state, const std::string& title, const std::string& path, bool legend) {
    const PaintingApplication application;
    return ui::exportDrawing(state, QString::fromStdString(title), QString::fromStdString(path), {.legend = legend});
}

} // namespace strata::app
