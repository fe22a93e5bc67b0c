// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/text_match.h"

#include <algorithm>

namespace strata::ui {

int wordMatch(const QString& word, const QString& query) {
    if (word.compare(query, Qt::CaseInsensitive) == 0) return 100;
    if (word.startsWith(query, Qt::CaseInsensitive)) return 80;
    const qsizetype at = word.indexOf(query, 0, Qt::CaseInsensitive);
    if (at > 0) return word[at].isUpper() || !word[at - 1].isLetterOrNumber() ? 60 : 40;
    // Initials find their word: the letters in their order.
    qsizetype from = 0;
    for (const QChar c : query) {
        from = word.indexOf(c, from, Qt::CaseInsensitive);
        if (from < 0) return 0;
        ++from;
    }
    return query.size() > 1 ? 10 : 0;
}

Phrase::Phrase(const QString& query) : whole(query.trimmed()), words(query.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {}

int phraseMatch(const QString& title, const QString& detail, const Phrase& query) {
    if (query.isEmpty()) return 1;
    if (const int whole = wordMatch(title, query.whole); whole >= 40) return whole;
    int sum = 0;
    for (const QString& word : query.words) {
        // Letters in their order find a short name, but in a sentence they find anything.
        const int inDetail = wordMatch(detail, word);
        const int best = std::max(wordMatch(title, word), inDetail >= 40 ? inDetail / 2 : 0);
        if (best == 0) return 0;
        sum += best;
    }
    return sum / static_cast<int>(query.words.size());
}

} // namespace strata::ui
