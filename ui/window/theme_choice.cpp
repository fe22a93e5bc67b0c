// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/theme_choice.h"

#include "ui/look/system_scheme.h"
#include "ui/look/theme.h"

#include <QApplication>
#include <QPointer>
#include <QSettings>

#include <algorithm>

namespace strata::ui::ThemeChoice {
namespace {

constexpr const char *kTheme = "theme", *kText = "textPercent";

QPointer<SystemScheme>& system() {
    static QPointer<SystemScheme> scheme;
    return scheme;
}

void apply() {
    auto* app = qobject_cast<QApplication*>(QCoreApplication::instance());
    if (app == nullptr) return;
    const QString choice = chosen();
    const bool dark = choice == QLatin1String("dark") || (choice == QLatin1String("system") && system() && system()->isDark());
    Theme theme = dark ? Theme::dark() : Theme::light();
    theme.fontFamily = preferredFontFamily();
    theme.fontScale = textPercent() / 100.0;
    applyTheme(*app, theme);
}

} // namespace

void follow(QApplication&, SystemScheme& scheme) {
    system() = &scheme;
    QObject::connect(&scheme, &SystemScheme::changed, &scheme, [] { apply(); });
    apply();
}

QString chosen() {
    return QSettings().value(QLatin1String(kTheme), QStringLiteral("system")).toString();
}

void choose(const QString& choice) {
    QSettings().setValue(QLatin1String(kTheme), choice);
    apply();
}

int textPercent() {
    return std::clamp(QSettings().value(QLatin1String(kText), 100).toInt(), 80, 200);
}

void setTextPercent(int percent) {
    QSettings().setValue(QLatin1String(kText), percent);
    apply();
}

QList<int> textSizes() {
    return {80, 90, 100, 115, 130, 150, 175, 200};
}

void stepText(int by) {
    const QList<int> sizes = textSizes();
    const int now = textPercent();
    int next = now;
    for (const int size : sizes) {
        if (by > 0 && size > now && next == now) next = size;
        if (by < 0 && size < now) next = size;
    }
    setTextPercent(next);
}

} // namespace strata::ui::ThemeChoice
