// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/look/theme.h"

#include <QByteArray>
#include <QStringList>

namespace strata::ui {

/// All that resources/themes/tokens.json says.
struct Tokens {
    Theme light;
    Theme dark;
    Metrics regular;
    Metrics compact;
    QStringList missing; ///< paths of tokens that are absent or of the wrong kind; empty in what we ship

    /// Reads tokens from JSON; a token that cannot be read keeps its default and is listed in `missing`.
    static Tokens parse(const QByteArray& json);
    /// The shipped ones, parsed at the first call.
    static const Tokens& shipped();
};

} // namespace strata::ui
