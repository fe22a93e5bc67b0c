// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/text_overlay.h"

#include <QKeyEvent>

namespace strata::ui {

TextOverlay::TextOverlay(QWidget* view) : QPlainTextEdit(view) {
    setObjectName(QStringLiteral("textOverlay"));
    setAccessibleName(tr("Text on the canvas"));
    setTabChangesFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    hide();
}

void TextOverlay::open(const QRect& place, const QString& text, bool oneLine, std::function<void(const QString&)> done) {
    finish();
    m_oneLine = oneLine;
    m_done = std::move(done);
    setAccessibleName(oneLine ? tr("Title") : tr("Note, in Markdown"));
    setLineWrapMode(oneLine ? NoWrap : WidgetWidth);
    setPlaceholderText(oneLine ? tr("Title") : tr("A note; Markdown works. Ctrl+Enter when done."));
    setGeometry(place);
    setPlainText(text);
    selectAll();
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
}

void TextOverlay::finish() {
    if (m_done) close(true);
}

void TextOverlay::drop() {
    if (m_done) close(false);
}

void TextOverlay::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    // A note may be long: leaving it must not lose it, and undo takes it back. A title is a word.
    if (event->key() == Qt::Key_Escape) close(!m_oneLine && !toPlainText().trimmed().isEmpty());
    else if (enter && (m_oneLine || event->modifiers() & Qt::ControlModifier)) close(true);
    else QPlainTextEdit::keyPressEvent(event);
}

void TextOverlay::focusOutEvent(QFocusEvent* event) {
    QPlainTextEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason) close(true);
}

void TextOverlay::close(bool takeOver) {
    const std::function<void(const QString&)> done = std::exchange(m_done, {});
    if (!done) return;
    const bool hadFocus = hasFocus();
    const QString words = toPlainText();
    hide();
    if (hadFocus) parentWidget()->setFocus(Qt::OtherFocusReason);
    if (takeOver) done(m_oneLine ? words.simplified() : words);
}

} // namespace strata::ui
