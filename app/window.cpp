// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window.h"

#include "app/studio.h"
#include "engine/interop/run_record.h"
#include "ui/charts/curve_chart.h"
#include "ui/training/training_session.h"
#include "ui/window/application.h"
#include "ui/window/main_window.h"

#include <QApplication>

namespace strata::app {

int openWindow(int argc, char** argv) {
    return ui::runApplication(argc, argv, [](ui::MainWindow& window) {
        furnish(window);
        window.findChild<ui::TrainingSession*>()->setRunsFolder(defaultRunsFolder());
    });
}

Result<> paintCurves(const std::vector<HistoryPoint>& history, const std::string& path) {
    int argc = 1;
    char name[] = "strata";
    char* argv[] = {name, nullptr};
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    ui::CurvePicture loss{{.heading = "Loss"}, {}, {}};
    ui::CurvePicture accuracy{{.heading = "Accuracy", .numbers = ui::NumberStyle::Percent}, {}, {}};
    for (const HistoryPoint& p : history) {
        const bool validated = p.validationLoss >= 0;
        loss.data.appendEpoch({static_cast<int>(p.epoch), p.loss, validated ? std::optional(p.validationLoss) : std::nullopt});
        accuracy.data.appendEpoch({static_cast<int>(p.epoch), p.accuracy, validated ? std::optional(p.validationAccuracy) : std::nullopt});
    }
    const QImage image = ui::renderCurves({loss, accuracy}, ui::Theme::light());
    if (!image.save(QString::fromStdString(path), "PNG")) {
        return failure("curves.write", path + ": the picture cannot be written; is the folder there and writable?");
    }
    return {};
}

} // namespace strata::app
