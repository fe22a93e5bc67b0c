// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

#include <functional>

namespace strata::ui {

/// A field that opens over the canvas, where the words that it changes stand: the title of a frame, a note. Enter (in a
/// note Ctrl+Enter) or a click elsewhere takes the words over; Escape does so for a note with words in it and leaves a
/// title as it was.
class TextOverlay : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit TextOverlay(QWidget* view);
    void open(const QRect& place, const QString& text, bool oneLine, std::function<void(const QString&)> done);
    /// Takes the words over, if it is open.
    void finish();
    /// Leaves everything as it was, if it is open.
    void drop();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void close(bool takeOver);

    std::function<void(const QString&)> m_done;
    bool m_oneLine = false;
};

} // namespace strata::ui
