// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/look/icons.h"
#include "ui/look/theme.h"

#include <QAbstractButton>
#include <QFrame>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QWidget>

class QGridLayout;
class QHBoxLayout;
class QScrollArea;
class QToolButton;

namespace strata::ui {

/// A shape, a count, a state on a filled rounded ground: "14 x 14 x 16". Text is medium and never elided.
class Badge : public QWidget {
    Q_OBJECT
public:
    enum class Tone { Neutral, Accent, Running, Error };
    explicit Badge(const QString& text = {}, QWidget* parent = nullptr);
    void setText(const QString& text);
    QString text() const { return m_text; }
    void setTone(Tone tone);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override;
    void changeEvent(QEvent* event) override;

private:
    QString m_text;
    Tone m_tone = Tone::Neutral;
};

/// An icon that stands by itself and follows the theme.
class IconLabel : public QLabel {
    Q_OBJECT
public:
    explicit IconLabel(int size, const QString& name = {}, IconTone tone = IconTone::Primary, QWidget* parent = nullptr);
    void setIcon(const QString& name, IconTone tone = IconTone::Primary);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    int m_size;
    QString m_name;
    IconTone m_tone;
};

/// A key as it stands in a hint: "Esc" in a small outlined box.
class KeyCap : public QWidget {
    Q_OBJECT
public:
    explicit KeyCap(const QString& text, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    QString m_text;
};

/// The head of a dock or a section: a title in 600, 40 high, with room for buttons at the right.
class SectionHeader : public QWidget {
    Q_OBJECT
public:
    explicit SectionHeader(const QString& title, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    /// The second word of an inspector's head, in text.secondary; elided in the middle where there is no
    /// room.
    void setDetail(const QString& detail);
    /// A pixmap before the title; a null one removes it.
    void setLeading(const QIcon& icon, const QColor& tint);
    /// An icon button at the right end; the caller connects it. The tooltip is its accessible name.
    QToolButton* addButton(const QString& iconName, const QString& tooltip);

private:
    QHBoxLayout* m_layout;
    QLabel* m_leading;
    QLabel* m_title;
    class ElidedLabel* m_detail;
};

/// A label that elides, in the middle if nothing else is said, and then shows the whole in its tooltip. Not for shapes, counts or
/// errors.
class ElidedLabel : public QWidget {
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);
    void setText(const QString& text);
    QString text() const { return m_text; }
    void setTone(IconTone tone);
    void setElideMode(Qt::TextElideMode mode);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
    void changeEvent(QEvent* event) override;

private:
    QString m_text;
    IconTone m_tone = IconTone::Primary;
    Qt::TextElideMode m_elide = Qt::ElideMiddle;
};

/// A label for a number that ticks: right-aligned and as wide as its widest text, so that nothing moves
/// (Qt 6.4 has no tabular digits).
class TickLabel : public QLabel {
    Q_OBJECT
public:
    explicit TickLabel(const QString& widest, QWidget* parent = nullptr);
    void setWidest(const QString& widest);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fixWidth();
    QString m_widest;
};

/// A column that scrolls up and down on the ground of whatever it stands in.
QScrollArea* scrollingColumn(QWidget* content);

/// Rows of a name (secondary) and a figure (medium, right-aligned): the training figures, what a layer costs.
class FigureList : public QWidget {
    Q_OBJECT
public:
    explicit FigureList(QWidget* parent = nullptr);
    /// Returns the row's number.
    int addRow(const QString& name);
    void setValue(int row, const QString& value);
    QString value(int row) const;
    void setRowVisible(int row, bool visible);
    void setName(int row, const QString& name);

private:
    struct Row {
        QLabel *name, *value;
    };
    QList<Row> m_rows;
    QGridLayout* m_grid;
};

/// One sentence on a soft ground with its icon, and at most two buttons ("Pad: same").
class Notice : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Hint, Warning, Error, Running };
    Notice(Kind kind, const QString& text, QWidget* parent = nullptr);
    void setText(const QString& text);
    void setKind(Kind kind);
    QPushButton* addButton(const QString& text, const QString& iconName = {});

protected:
    void paintEvent(QPaintEvent*) override;
    void changeEvent(QEvent* event) override;

private:
    void refreshIcon();
    Kind m_kind;
    QHBoxLayout* m_layout;
    QLabel* m_icon;
    QLabel* m_text;
};

/// Tabs as the look has them: words over an accent underline, a count beside a word, no boxes.
class TabStrip : public QTabBar {
    Q_OBJECT
public:
    explicit TabStrip(QWidget* parent = nullptr);
    /// Shows a count badge beside the tab's word; a negative count removes it.
    void setCount(int index, int count);

protected:
    void paintEvent(QPaintEvent*) override;
    QSize tabSizeHint(int index) const override;
    QSize minimumTabSizeHint(int index) const override { return tabSizeHint(index); }

private:
    QString countText(int index) const;
};

/// Pages under a TabStrip, on the surface of a panel.
class TabPages : public QTabWidget {
    Q_OBJECT
public:
    explicit TabPages(QWidget* parent = nullptr);
    TabStrip* strip() const { return m_strip; }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    TabStrip* m_strip;
};

/// A progress bar without words, 6 high.
class ThinProgress : public QProgressBar {
    Q_OBJECT
public:
    explicit ThinProgress(QWidget* parent = nullptr);
};

/// The one primary button of a window, and the others.
QPushButton* primaryButton(const QString& text, const QString& iconName = {}, QWidget* parent = nullptr);
QPushButton* plainButton(const QString& text, const QString& iconName = {}, QWidget* parent = nullptr);
QPushButton* linkButton(const QString& text, QWidget* parent = nullptr);
/// Makes a button the primary one or not, with an icon of the colour that goes with it.
void setPrimary(QPushButton* button, bool primary, const QString& iconName = {});
/// A button of only an icon; the tooltip is its accessible name.
QToolButton* iconButton(const QString& iconName, const QString& tooltip, QWidget* parent = nullptr);
QLabel* label(const QString& text, TextRole role = TextRole::Body, QFont::Weight weight = QFont::Normal,
              QWidget* parent = nullptr);
QLabel* secondaryLabel(const QString& text, TextRole role = TextRole::Small, QWidget* parent = nullptr);
QFrame* horizontalLine(QWidget* parent = nullptr);

/// Draws a badge on a canvas or in a delegate: the same look as Badge. `right` is its right edge; returns its
/// rectangle.
QRectF paintBadge(QPainter& painter, const Theme& theme, const QString& text, QPointF rightCenter, int height,
                  const QColor& fill, const QColor& ink);

} // namespace strata::ui
