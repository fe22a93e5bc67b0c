// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractSpinBox>
#include <QString>

#include <functional>

class QLineEdit;

namespace strata::ui {

/// What stands in the place of a value where the chosen cards have several.
QString mixedWord();

/// Lets a spin box show a word in place of its number while the cards differ. A number typed then is chosen even if the
/// box held it already, which it does not tell by itself; left alone, it goes on showing the word.
class MixedSpin : public QObject {
    Q_OBJECT
public:
    MixedSpin(QAbstractSpinBox& spin, std::function<void()> chosen, const QString& word = mixedWord());
    /// Off: whoever sets a value after it sees it.
    void set(bool mixed);

private:
    void showWord();
    void finish();

    QAbstractSpinBox& m_spin;
    QLineEdit* m_line;
    QString m_word;
    std::function<void()> m_chosen;
    bool m_mixed = false, m_typed = false;
};

} // namespace strata::ui
