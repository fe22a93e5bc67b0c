// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QApplication;

namespace strata::ui {

class MainWindow;

/// How the window begins.
struct StartOptions {
    QString file;        ///< a document to open
    QString templateId;  ///< or a template
    bool recover = true; ///< offer what a session that was killed has left
    /// Called when the window is made and before it is shown: the place where rooms that the window does not know
    /// (training, inspection) are put into it.
    std::function<void(MainWindow&)> furnish;
};

/// Names the application, for settings and folders; before anything of the window is made.
void nameApplication();

/// The window from its start to its end. Returns the exit code.
int runApplication(QApplication& app, const StartOptions& options);

/// The same for a program's arguments: strata [FILE.keras | TEMPLATE]. `furnish`: see StartOptions.
int runApplication(int argc, char** argv, std::function<void(MainWindow&)> furnish = {});

} // namespace strata::ui
