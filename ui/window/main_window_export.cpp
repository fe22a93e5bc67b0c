// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/atomic_file.h"
#include "engine/interop/keras_script.h"
#include "ui/editor/editor_scene.h"
#include "ui/export/drawing_picture.h"
#include "ui/look/icons.h"
#include "ui/look/message.h"
#include "ui/window/main_window.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QSettings>

namespace strata::ui {
namespace {

constexpr const char *kLegend = "export/legend", *kMaps = "export/maps";

QString withoutEnding(const QString& title) {
    return title.endsWith(QLatin1String(".keras"), Qt::CaseInsensitive) ? title.chopped(6) : title;
}

/// Where what is made of a document is proposed to go: under its name, beside its file.
QString besideIt(const GraphDocument& document, const QString& ending) {
    const QString name = withoutEnding(document.title()) + ending;
    return document.path().isEmpty() ? name : QFileInfo(document.path()).dir().filePath(name);
}

} // namespace

void MainWindow::buildExportMenu(QMenu& file, QMenu& edit) {
    const auto command = [this](const QString& name, const QString& words, const QString& iconName, void (MainWindow::*slot)()) {
        auto* made = new QAction(words, this);
        made->setObjectName(name);
        if (!iconName.isEmpty()) made->setIcon(icon(iconName));
        addAction(made);
        connect(made, &QAction::triggered, this, slot);
        return made;
    };
    const auto option = [this](const QString& name, const QString& words, const char* key) {
        auto* made = new QAction(words, this);
        made->setObjectName(name);
        made->setCheckable(true);
        made->setChecked(QSettings().value(QLatin1String(key), true).toBool());
        connect(made, &QAction::toggled, this, [key](bool on) { QSettings().setValue(QLatin1String(key), on); });
        return made;
    };
    QMenu* sub = file.addMenu(tr("&Export"));
    sub->setIcon(icon(QStringLiteral("export")));
    sub->addAction(command(QStringLiteral("exportDrawing"), tr("Export &drawing…"), QStringLiteral("picture"), &MainWindow::exportDrawing));
    sub->addAction(command(QStringLiteral("exportCode"), tr("Export &Keras code…"), QStringLiteral("export"), &MainWindow::exportCode));
    sub->addSeparator();
    m_legend = option(QStringLiteral("pictureLegend"), tr("Pictures with title and legend"), kLegend);
    m_maps = option(QStringLiteral("pictureMaps"), tr("Pictures with feature maps"), kMaps);
    sub->addActions({m_legend, m_maps});
    edit.addSeparator();
    edit.addAction(command(QStringLiteral("copyPicture"), tr("Copy as &picture"), QStringLiteral("picture"), &MainWindow::copyPicture));
    edit.addAction(command(QStringLiteral("copyCode"), tr("Copy as &Keras code"), QStringLiteral("copy"), &MainWindow::copyCode));
}

PictureOptions MainWindow::pictureOptions() const {
    PictureOptions options;
    options.legend = m_legend->isChecked();
    options.leftToRight = m_scene->look().leftToRight;
    if (!m_maps->isChecked()) return options;
    for (const NodeId id : m_scene->cardIds()) {
        if (const StripItem* strip = m_scene->strip(id)) options.strips[id] = strip->strip();
    }
    return options;
}

void MainWindow::exportDrawing() {
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the drawing"), besideIt(m_document, QStringLiteral(".svg")),
                                                      tr("Vectors (*.svg);;Page (*.pdf);;Picture (*.png)"));
    if (!path.isEmpty()) exportDrawingTo(path);
}

bool MainWindow::exportDrawingTo(const QString& path) {
    const Result<> written = strata::ui::exportDrawing(m_document.state(), withoutEnding(m_document.title()), path, pictureOptions());
    if (written) say(tr("%1 was written.").arg(QFileInfo(path).fileName()));
    else tell(this, Telling::Warning, tr("The drawing was not exported."), QString::fromStdString(written.error().message));
    return written.ok();
}

void MainWindow::copyPicture() {
    const QImage image = drawingImage(m_document.state(), withoutEnding(m_document.title()), pictureOptions());
    if (image.isNull()) {
        say(tr("There is nothing to copy: the drawing is empty."));
        return;
    }
    QGuiApplication::clipboard()->setImage(image);
    say(tr("The drawing is in the clipboard, %1 × %2 points.").arg(image.width()).arg(image.height()));
}

void MainWindow::exportCode() {
    const QString path = QFileDialog::getSaveFileName(this, tr("Export Keras code"), besideIt(m_document, QStringLiteral(".py")),
                                                      tr("Python (*.py)"));
    if (!path.isEmpty()) exportCodeTo(path);
}

bool MainWindow::exportCodeTo(const QString& path) {
    const Result<std::string> script = kerasScript(m_document.state(), withoutEnding(m_document.title()).toStdString());
    const Result<> written = script ? writeFileAtomically(path.toStdString(), *script) : Result<>(script.error());
    if (written) say(tr("%1 was written.").arg(QFileInfo(path).fileName()));
    else tell(this, Telling::Warning, tr("The code was not exported."), QString::fromStdString(written.error().message));
    return written.ok();
}

void MainWindow::copyCode() {
    const Result<std::string> script = kerasScript(m_document.state(), withoutEnding(m_document.title()).toStdString());
    if (!script) {
        say(QString::fromStdString(script.error().message));
        return;
    }
    QGuiApplication::clipboard()->setText(QString::fromStdString(*script));
    say(tr("The Keras code is in the clipboard."));
}

} // namespace strata::ui
