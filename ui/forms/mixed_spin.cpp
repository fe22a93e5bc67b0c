// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/mixed_spin.h"

#include <QLineEdit>
#include <QSignalBlocker>

#include <utility>

namespace strata::ui {

QString mixedWord() {
    return MixedSpin::tr("mixed");
}

MixedSpin::MixedSpin(QAbstractSpinBox& spin, std::function<void()> chosen, const QString& word)
    : QObject(&spin), m_spin(spin), m_line(spin.findChild<QLineEdit*>()), m_word(word), m_chosen(std::move(chosen)) {
    connect(m_line, &QLineEdit::textEdited, this, [this] { m_typed = m_spin.hasAcceptableInput(); });
    connect(&spin, &QAbstractSpinBox::editingFinished, this, &MixedSpin::finish);
}

void MixedSpin::set(bool mixed) {
    if (mixed == m_mixed) return;
    m_mixed = mixed;
    m_typed = false;
    m_line->setPlaceholderText(mixed ? m_word : QString());
    if (mixed) showWord();
}

void MixedSpin::showWord() {
    const QSignalBlocker blocker(m_spin);
    m_spin.clear();
}

void MixedSpin::finish() {
    if (!m_mixed) return;
    if (std::exchange(m_typed, false)) m_chosen();
    else showWord();
}

} // namespace strata::ui
