// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace strata::ui {

/// How well a word matches what was typed, 0 to 100: whole, its beginning, the beginning of a part (the capital in the middle of
/// a name), anywhere, the letters in their order. 0: not at all.
int wordMatch(const QString& word, const QString& query);

/// What was typed, taken apart once for many that it is compared with.
struct Phrase {
    explicit Phrase(const QString& query);
    bool isEmpty() const { return words.isEmpty(); }
    QString whole;
    QStringList words;
};

/// A query of several words, each of which must be found in the title or in the detail (which counts half). 0: one
/// of them is in neither; an empty query matches everything a little.
int phraseMatch(const QString& title, const QString& detail, const Phrase& query);

} // namespace strata::ui
