// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/message.h"

#include "ui/look/icons.h"
#include "ui/look/theme.h"

#include <QMessageBox>

namespace strata::ui {

void tell(QWidget* parent, Telling kind, const QString& text, const QString& detail) {
    constexpr int kIcon = 32;
    const auto& status = currentTheme().status;
    const bool warns = kind == Telling::Warning;
    QMessageBox box(warns ? QMessageBox::Warning : QMessageBox::Information, QObject::tr("Strata"), text, QMessageBox::Ok, parent);
    box.setObjectName(QStringLiteral("message"));
    box.setIconPixmap(iconPixmap(warns ? QStringLiteral("warning") : QStringLiteral("hint"), kIcon, warns ? status.warning : status.hint, parent->devicePixelRatioF()));
    box.setInformativeText(detail);
    box.exec();
}

} // namespace strata::ui
