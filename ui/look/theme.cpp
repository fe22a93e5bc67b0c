// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/theme.h"

#include "ui/look/resources.h"
#include "ui/look/theme_fields.h"
#include "ui/look/tokens.h"

#include <QApplication>
#include <QFontDatabase>
#include <QRegularExpression>
#include <QStyleFactory>
#include <QToolTip>
#include <QWidget>

namespace strata::ui {
namespace {

constexpr auto kRoleProperty = "strataTextRole";
constexpr auto kWeightProperty = "strataTextWeight";

Theme& appliedTheme() {
    static Theme theme = Theme::light();
    return theme;
}

void applyTextRole(QWidget* widget, const Theme& theme) {
    const QVariant role = widget->property(kRoleProperty);
    if (!role.isValid()) return;
    const auto weight = static_cast<QFont::Weight>(widget->property(kWeightProperty).toInt());
    widget->setFont(theme.font(static_cast<TextRole>(role.toInt()), weight));
}

} // namespace

const Theme& Theme::light() {
    return Tokens::shipped().light;
}
const Theme& Theme::dark() {
    return Tokens::shipped().dark;
}

const CategoryLook& Theme::category(QStringView id) const {
    const CategoryLook* found = &categories.io;
    visitCategories(*this, [&](const char* name, const CategoryLook& look) {
        if (id == QLatin1String(name)) found = &look;
    });
    return *found;
}

QStringList categoryIds() {
    QStringList ids;
    visitCategories(Theme::light(), [&](const char* id, const CategoryLook&) { ids << QLatin1String(id); });
    return ids;
}

int Theme::pixelSize(TextRole role) const {
    const auto& sizes = Metrics::regular().font;
    const int at100[] = {sizes.caption, sizes.small,       sizes.body,     sizes.cardTitle,
                         sizes.value,   sizes.dialogTitle, sizes.pageTitle};
    return qMax(1, qRound(at100[static_cast<int>(role)] * fontScale));
}

QFont Theme::font(TextRole role, QFont::Weight weight) const {
    QFont font =
        fontFamily.isEmpty() ? QFontDatabase::systemFont(QFontDatabase::GeneralFont) : QFont(fontFamily);
    font.setPixelSize(pixelSize(role));
    font.setWeight(weight);
    return font;
}

QPalette Theme::palette() const {
    QPalette p;
    p.setColor(QPalette::Window, surface.window);
    p.setColor(QPalette::Base, surface.field);
    p.setColor(QPalette::AlternateBase, surface.hover);
    p.setColor(QPalette::Button, surface.raised);
    for (QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText}) {
        p.setColor(role, text.primary);
        p.setColor(QPalette::Disabled, role, text.disabled);
    }
    p.setColor(QPalette::BrightText, text.onAccent);
    p.setColor(QPalette::Mid, line.lineStrong);
    p.setColor(QPalette::Midlight, line.line);
    p.setColor(QPalette::Light, surface.raised);
    p.setColor(QPalette::Dark, line.cardBorder);
    p.setColor(QPalette::Shadow, line.lineStrong);
    p.setColor(QPalette::Highlight, selection.fill);
    p.setColor(QPalette::HighlightedText, text.primary);
    p.setColor(QPalette::Disabled, QPalette::Highlight, surface.badge);
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, text.disabled);
    p.setColor(QPalette::Link, text.link);
    p.setColor(QPalette::LinkVisited, text.link);
    p.setColor(QPalette::PlaceholderText, text.secondary);
    p.setColor(QPalette::ToolTipBase, surface.tooltip);
    p.setColor(QPalette::ToolTipText, text.onTooltip);
    return p;
}

QString Theme::styleSheet() const {
    QHash<QString, QString> values;
    visitColors(*this,
                [&](const char* name, const QColor& color) { values[QLatin1String(name)] = color.name(); });
    values["theme"] = isDark ? QStringLiteral("dark") : QStringLiteral("light");
    const std::pair<const char*, TextRole> roles[] = {
        {"font.caption", TextRole::Caption}, {"font.small", TextRole::Small}, {"font.body", TextRole::Body}};
    for (const auto& [name, role] : roles)
        values[QLatin1String(name)] = QString::number(pixelSize(role)) + "px";
    // Heights grow with the text, so that a larger font never is cut off.
    const int growth = pixelSize(TextRole::Body) - Metrics::regular().font.body;
    values["height.button"] = QString::number(26 + growth) + "px"; // 28 with its border
    values["height.field"] = QString::number(24 + growth) + "px";  // 26 with its border
    values["height.focus"] = QString::number(22 + growth) + "px";  // and with the thicker one of the focus

    const QString sheet = QString::fromUtf8(resourceBytes(QStringLiteral("themes/strata.qss")));
    static const QRegularExpression placeholder(QStringLiteral("@([A-Za-z.]+)@"));
    QString filled;
    qsizetype done = 0;
    for (auto it = placeholder.globalMatch(sheet); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        filled += QStringView(sheet).mid(done, match.capturedStart() - done);
        filled += values.value(match.captured(1), match.captured(0));
        done = match.capturedEnd();
    }
    filled += QStringView(sheet).mid(done);
    return filled;
}

void applyTheme(QApplication& app, const Theme& theme) {
    appliedTheme() = theme;
    if (!app.property("strataStyle").toBool()) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        app.setProperty("strataStyle", true);
    }
    QApplication::setPalette(theme.palette());
    QApplication::setFont(theme.font(TextRole::Body));
    QToolTip::setFont(theme.font(TextRole::Small));
    QToolTip::setPalette(theme.palette());
    app.setStyleSheet(theme.styleSheet());
    for (QWidget* widget : QApplication::allWidgets())
        applyTextRole(widget, theme);
}

const Theme& currentTheme() {
    return appliedTheme();
}

void setTextRole(QWidget* widget, TextRole role, QFont::Weight weight) {
    widget->setProperty(kRoleProperty, static_cast<int>(role));
    widget->setProperty(kWeightProperty, static_cast<int>(weight));
    applyTextRole(widget, currentTheme());
}

QString preferredFontFamily() {
    for (const char* family : {"Inter", "Inter Variable"})
        if (QFontDatabase::hasFamily(QLatin1String(family))) return QLatin1String(family);
    return {};
}

} // namespace strata::ui
