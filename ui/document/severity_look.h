// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "ui/look/icons.h"

#include <QObject>

namespace strata::ui {

/// How lists show a problem's severity; for rooms that know the look.
struct SeverityLook {
    QString icon;
    IconTone tone;
    QString name;
};

inline SeverityLook lookOf(Severity severity) {
    switch (severity) {
    case Severity::Error: return {QStringLiteral("error"), IconTone::Error, QObject::tr("Error")};
    case Severity::Warning: return {QStringLiteral("warning"), IconTone::Warning, QObject::tr("Warning")};
    case Severity::Hint: break;
    }
    return {QStringLiteral("hint"), IconTone::Hint, QObject::tr("Hint")};
}

inline QIcon severityIcon(Severity severity) {
    const SeverityLook look = lookOf(severity);
    return icon(look.icon, look.tone);
}

} // namespace strata::ui
