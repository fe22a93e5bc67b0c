// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/look/metrics.h"

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>
#include <QStringView>

class QApplication;

namespace strata::ui {

/// What a piece of text is for; decides its size. Sizes scale together with Theme::fontScale.
enum class TextRole { Caption, Small, Body, CardTitle, Heading, DialogTitle, PageTitle };

/// A category's stripe and icon colour, the tint behind its icon, and the name of that icon.
/// The colour is never a text colour.
struct CategoryLook {
    QColor color;
    QColor tint;
    QString icon;
};

/// Every colour of the window that has no role in QPalette, and those that have one: a value, handed to
/// whoever paints. Read from resources/themes/tokens.json. Two of them exist, light() and dark(); a copy may
/// carry another font family or scale.
struct Theme {
    bool isDark = false;

    struct {
        QColor window, panel, raised, field, canvas, canvasDot, card, cardBlocked, badge, hover, pressed,
            tooltip, plot;
    } surface;
    struct {
        QColor primary, secondary, disabled, onAccent, onTooltip, link;
    } text;
    struct {
        QColor line, lineStrong, cardBorder;
    } line;
    struct {
        QColor base, hover, soft;
    } accent;
    struct {
        QColor outline, fill, focus;
    } selection;
    struct {
        QColor wire, wireHover, wireOk, wireBad, port, portRim;
    } wire;
    struct {
        QColor error, errorSoft, warning, warningSoft, hint, hintSoft, running, runningSoft;
    } status;
    struct {
        CategoryLook io, convolution, pooling, core, normalization, regularization, activation, merging,
            reshaping;
    } categories;
    struct {
        QColor train, validation, reference, best;
    } series;
    struct {
        QColor negative, zero, positive;
    } kernelValues;

    QString fontFamily;     ///< empty: the system's
    double fontScale = 1.0; ///< of all text roles together

    static const Theme& light();
    static const Theme& dark();

    /// The look of a schema's category ("convolution"); an unknown one looks like io, so that a new category
    /// is plain and not invisible.
    const CategoryLook& category(QStringView id) const;

    int pixelSize(TextRole role) const;
    /// weight: QFont::Normal 400, QFont::Medium 500 (badges, buttons), QFont::DemiBold 600 (titles)
    QFont font(TextRole role, QFont::Weight weight = QFont::Normal) const;

    QPalette palette() const;
    /// The application's style sheet: resources/themes/strata.qss with this theme's values in it.
    QString styleSheet() const;
};

/// The ids of all categories, in the order of the palette.
QStringList categoryIds();

/// Fusion, palette, font and style sheet for the whole application, and currentTheme(). Widgets get a
/// QEvent::PaletteChange or StyleChange afterwards; canvas items are handed the theme by their scene.
void applyTheme(QApplication& app, const Theme& theme);
/// The theme last applied; Theme::light() before. For widgets and icons; what paints on the canvas is handed
/// its own.
const Theme& currentTheme();

/// Gives a widget the font of a role, now and after every later applyTheme.
void setTextRole(QWidget* widget, TextRole role, QFont::Weight weight = QFont::Normal);

/// Inter where it is installed, else empty: the system's font.
QString preferredFontFamily();

} // namespace strata::ui
