// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "engine/graph/templates.h"
#include "engine/training/recipe.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/text_overlay.h"
#include "ui/look/message.h"
#include "ui/window/recent_files.h"
#include "ui/window/start_page.h"

#include <QApplication>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QProgressDialog>
#include <QPushButton>
#include <QStackedWidget>
#include <QTimer>
#include <QToolBar>

namespace strata::ui {
namespace {

DocumentState fromTemplate(const Template& chosen) {
    DocumentState state;
    state.graph = chosen.make();
    state.data.source = chosen.data;
    state.training = recipeOf(chosen);
    return state;
}

/// Nothing but the data that are chosen and, where their shape is known, the card where they come in.
DocumentState emptyFor(const GraphDocument& document) {
    DocumentState state;
    state.data = document.state().data;
    const std::optional<Shape>& shape = document.context().sampleShape;
    const Template* blank = findTemplate("blank");
    if (!shape || blank == nullptr) return state;
    state.graph = blank->make();
    edits::takeDataShape(state.graph, state.graph.nodes().front()->id, shape);
    return state;
}

} // namespace

void MainWindow::finishTyping() {
    m_view->textOverlay().finish();
    QWidget* field = QApplication::focusWidget();
    if (field == nullptr || !isAncestorOf(field)) return;
    field->clearFocus();
    field->setFocus(Qt::OtherFocusReason);
}

bool MainWindow::mayReplace() {
    if (!m_document.isOpening()) return maySave();
    say(tr("Another file is just being opened; stop that first."));
    return false;
}

bool MainWindow::maySave() {
    finishTyping();
    for (const auto& question : m_leaveQuestions) {
        if (!question()) return false;
    }
    if (!m_document.isModified()) return true;
    QMessageBox box(QMessageBox::Question, tr("Strata"),
                    tr("Save the changes to %1?").arg(m_document.title()),
                    QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box.setObjectName(QStringLiteral("unsavedQuestion"));
    box.setInformativeText(tr("Without saving they are lost."));
    box.setDefaultButton(QMessageBox::Save);
    switch (box.exec()) {
    case QMessageBox::Save:
        return save();
    case QMessageBox::Discard:
        return true;
    default:
        return false;
    }
}

bool MainWindow::newDocument() {
    if (!mayReplace()) return false;
    m_document.reset(emptyFor(m_document));
    afterReplacement();
    return true;
}

bool MainWindow::openTemplate(const QString& id) {
    const Template* chosen = findTemplate(id.toStdString());
    if (chosen == nullptr) {
        tell(this, Telling::Warning, tr("There is no template \"%1\".").arg(id),
             tr("The start page shows those there are."));
        return false;
    }
    if (!mayReplace()) return false;
    m_document.reset(fromTemplate(*chosen));
    afterReplacement();
    Q_EMIT templateOpened(id);
    return true;
}

bool MainWindow::openFile(const QString& path) {
    if (!mayReplace()) return false;
    const Result<OpenedDocument> opened = m_document.open(path, [this] { return maySave(); });
    if (!opened && opened.error().id == "file.opening_stopped") {
        say(QString::fromStdString(opened.error().message));
        return false;
    }
    if (!opened) {
        m_recent->remove(path);
        tell(this, Telling::Warning, tr("%1 could not be opened.").arg(path),
             QString::fromStdString(opened.error().message));
        return false;
    }
    m_recent->add(path);
    afterReplacement();
    if (!opened->remarks.empty()) {
        QStringList remarks;
        for (const std::string& remark : opened->remarks)
            remarks << QString::fromStdString(remark);
        tell(this, opened->recovered ? Telling::Warning : Telling::Hint,
             opened->recovered ? tr("Not all of %1 could be read; this is what was recovered. Saving asks for a new name.").arg(QFileInfo(path).fileName())
                               : tr("%1 was opened, with remarks.").arg(QFileInfo(path).fileName()),
             remarks.join(QLatin1Char('\n')));
    }
    return true;
}

/// Until it is open or stopped; as long nothing else in the window can be reached.
void MainWindow::tellOpening(const QString& path) {
    auto* notice = new QProgressDialog(tr("Opening %1…").arg(QFileInfo(path).fileName()), tr("Stop"), 0, 0, this);
    notice->setObjectName(QStringLiteral("openingNotice"));
    notice->setWindowTitle(tr("Strata"));
    notice->setWindowModality(Qt::WindowModal);
    notice->setMinimumWidth(320);
    connect(notice, &QProgressDialog::canceled, &m_document, &GraphDocument::stopOpening);
    connect(&m_document, &GraphDocument::openingEnded, notice, [notice] {
        notice->hide();
        notice->deleteLater();
    });
    notice->show();
}

void MainWindow::chooseFile() {
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Open a network"), {}, tr("Networks (*.keras *.h5 *.hdf5 *.json);;All files (*)"));
    if (!path.isEmpty()) openFile(path);
}

bool MainWindow::save() {
    const QString path = m_document.path();
    if (path.isEmpty() || !path.endsWith(QLatin1String(".keras"), Qt::CaseInsensitive)) return saveAs();
    return saveTo(path);
}

bool MainWindow::saveAs() {
    finishTyping();
    QString path = QFileDialog::getSaveFileName(
        this, tr("Save the network"), m_document.path().isEmpty() ? tr("network.keras") : m_document.path(),
        tr("Keras networks (*.keras)"));
    if (path.isEmpty()) return false;
    if (!path.endsWith(QLatin1String(".keras"), Qt::CaseInsensitive)) path += QStringLiteral(".keras");
    return saveTo(path);
}

bool MainWindow::saveTo(const QString& path) {
    finishTyping();
    const Result<SaveReport> saved = m_document.save(path);
    if (!saved) {
        tell(this, Telling::Warning, tr("%1 was not saved.").arg(path),
             QString::fromStdString(saved.error().message));
        return false;
    }
    m_recent->add(m_document.path());
    say(saved->kerasCanOpen ? tr("%1, saved").arg(m_document.title())
                            : tr("Saved; %1").arg(QString::fromStdString(saved->remark)));
    return true;
}

void MainWindow::afterReplacement() {
    showCanvas();
    QTimer::singleShot(0, m_view, &EditorView::showFirst);
}

void MainWindow::showStartPage() {
    // The page takes the whole window; what it covers must not take the focus meanwhile.
    for (QWidget* covered : coveredByStartPage())
        covered->setEnabled(false);
    m_start->setGeometry(rect());
    m_start->show();
    m_start->raise();
    m_start->setFocus();
}

void MainWindow::showCanvas() {
    for (QWidget* covered : coveredByStartPage())
        covered->setEnabled(true);
    m_start->hide();
    m_view->setFocus();
}

bool MainWindow::onStartPage() const {
    return !m_start->isHidden();
}

QList<QWidget*> MainWindow::coveredByStartPage() const {
    QList<QWidget*> covered{m_centre, m_toolBar};
    for (QDockWidget* dock : docks()) covered << dock;
    return covered;
}

} // namespace strata::ui
