// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/application.h"

#include "engine/graph/templates.h"
#include "engine/interop/run_record.h"
#include "ui/document/autosave.h"
#include "ui/document/graph_document.h"
#include "ui/document/words.h"
#include "ui/look/icons.h"
#include "ui/look/message.h"
#include "ui/look/resources.h"
#include "ui/look/system_scheme.h"
#include "ui/window/main_window.h"
#include "ui/window/start_page.h"
#include "ui/window/theme_choice.h"

#include <QApplication>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QTimer>
#include <QTranslator>

namespace strata::ui {
namespace {

/// Offers what killed sessions have left, the newest first. Returns the one that is now in the window.
std::optional<Recovery> offerRecovery(MainWindow& window, const QList<Recovery>& abandoned) {
    for (const Recovery& left : abandoned) {
        const QString name = left.originalPath.isEmpty() ? MainWindow::tr("an unnamed network") : QFileInfo(left.originalPath).fileName();
        QMessageBox box(QMessageBox::Question, MainWindow::tr("Strata"), MainWindow::tr("The last session did not end in order."),
                        QMessageBox::NoButton, &window);
        box.setInformativeText(MainWindow::tr("Unsaved work on %1 was kept at %2.")
                                   .arg(name, QLocale().toString(left.when, QLocale::ShortFormat)));
        QPushButton* restore = box.addButton(MainWindow::tr("Restore"), QMessageBox::AcceptRole);
        QPushButton* drop = box.addButton(MainWindow::tr("Throw away"), QMessageBox::DestructiveRole);
        box.addButton(MainWindow::tr("Ask me later"), QMessageBox::RejectRole);
        box.setDefaultButton(restore);
        box.exec();
        if (box.clickedButton() == drop) discard(left);
        if (box.clickedButton() != restore) continue;
        const Result<OpenedDocument> opened = window.document().recover(left.file, left.originalPath);
        if (!opened && opened.error().id == "file.opening_stopped") continue; // it is offered again the next time
        if (!opened) {
            tell(&window, Telling::Warning, MainWindow::tr("The unsaved work could not be restored."), QString::fromStdString(opened.error().message));
            continue;
        }
        window.showCanvas();
        return left;
    }
    return {};
}

/// The words of window and engine in the system's language, where there is a file for it (resources/translations), and Qt's own.
void loadTranslations(QApplication& app) {
    const QString ours = QCoreApplication::applicationDirPath() + QStringLiteral("/../share/strata/translations");
    const std::pair<QString, QString> files[] = {{QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath)},
                                                 {QStringLiteral("strata"), ours}};
    // Qt's words without ours would be a window in two languages.
    QTranslator probe;
    if (!probe.load(QLocale(), QStringLiteral("strata"), QStringLiteral("_"), ours)) return;
    for (const auto& [name, folder] : files) {
        auto* translator = new QTranslator(&app);
        if (translator->load(QLocale(), name, QStringLiteral("_"), folder)) QCoreApplication::installTranslator(translator);
    }
    sayInWindowsLanguage();
}

} // namespace

void nameApplication() {
    QCoreApplication::setOrganizationName(QStringLiteral("Strata"));
    QCoreApplication::setApplicationName(QStringLiteral("strata"));
    QCoreApplication::setApplicationVersion(QString::fromStdString(programVersion()));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Strata"));
    QGuiApplication::setDesktopFileName(QStringLiteral("strata"));
}

int runApplication(QApplication& app, const StartOptions& options) {
    nameApplication();
    installPlurals();
    loadTranslations(app);
    QApplication::setWindowIcon(applicationIcon());
    SystemScheme scheme;
    ThemeChoice::follow(app, scheme);

    GraphDocument document;
    const QList<Recovery> left = options.recover ? abandonedSessions() : QList<Recovery>();
    MainWindow window(document);
    if (options.furnish) options.furnish(window);
    Autosave autosave(document);
    QObject::connect(&autosave, &Autosave::failed, &window, [&window](const QString& why) {
        window.say(MainWindow::tr("The safety copy could not be written: %1").arg(why));
    });

    if (options.file.isEmpty() && options.templateId.isEmpty() && StartPage::wantedAtStart()) window.showStartPage();
    if (!options.templateId.isEmpty()) window.openTemplate(options.templateId);
    window.show();
    // Files are opened when the window is up: what they say about themselves has a place to be said.
    QTimer::singleShot(0, &window, [&] {
        if (!options.file.isEmpty()) window.openFile(options.file);
        const std::optional<Recovery> restored = offerRecovery(window, left);
        if (!restored) return;
        // The old copy goes when this session has written its own, not before.
        QObject::connect(&autosave, &Autosave::written, &window, [restored] { discard(*restored); }, Qt::SingleShotConnection);
    });
    return QApplication::exec();
}

int runApplication(int argc, char** argv, std::function<void(MainWindow&)> furnish) {
    nameApplication();
    QApplication app(argc, argv);
    StartOptions options;
    options.furnish = std::move(furnish);
    const QStringList arguments = QApplication::arguments().mid(1); // Qt has taken its own out
    if (!arguments.isEmpty()) {
        const bool isTemplate = findTemplate(arguments.front().toStdString()) != nullptr;
        (isTemplate ? options.templateId : options.file) = arguments.front();
    }
    return runApplication(app, options);
}

} // namespace strata::ui
