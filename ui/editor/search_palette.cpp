// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/search_palette.h"

#include "ui/document/words.h"
#include "ui/editor/card_face.h"
#include "ui/look/icons.h"
#include "ui/look/popover_room.h"
#include "ui/look/text_scale.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kWidth = 560, kRow = 36, kRows = 7, kParameters = 72, kEdge = 8;
constexpr int kAroundRows = 132; ///< field, heading, foot and a margin: a low canvas has fewer rows
enum Role { TypeRole = Qt::UserRole + 1, DetailRole, OutputRole, ParametersRole, CategoryRole, IconRole, FitsRole };

/// Icon, title, what it would be, then shape and parameters in their columns.
class MatchDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, wordLength(kRow)}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = currentTheme();
        const QRect row = option.rect;
        const int parametersWidth = wordLength(kParameters);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected) painter->fillRect(row, theme.selection.fill);
        else if (option.state & QStyle::State_MouseOver) painter->fillRect(row, theme.surface.hover);
        const bool fits = index.data(FitsRole).toBool();
        const CategoryLook& category = theme.category(index.data(CategoryRole).toString());
        const QRectF tile(row.left() + 12, row.center().y() - 12.5, 26, 26);
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.state & QStyle::State_Selected ? theme.surface.card : category.tint);
        painter->drawRoundedRect(tile, 6, 6);
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(QRectF(tile.center() - QPointF(9, 9), QSizeF(18, 18)),
                            iconPixmap(index.data(IconRole).toString(), 18, fits ? category.color : theme.text.disabled, ratio),
                            QRectF(0, 0, 18 * ratio, 18 * ratio));

        const QString parameters = index.data(ParametersRole).toString();
        const QString output = index.data(OutputRole).toString();
        int right = row.right() - 12;
        painter->setFont(theme.font(TextRole::Small));
        painter->setPen(theme.text.secondary);
        painter->drawText(QRect(right - parametersWidth, row.top(), parametersWidth, row.height()), Qt::AlignRight | Qt::AlignVCenter, parameters);
        right -= parametersWidth;
        if (!output.isEmpty()) {
            painter->setFont(theme.font(TextRole::Small, QFont::Medium));
            const QRectF badge = paintBadge(*painter, theme, output, QPointF(right, row.center().y() + 0.5), 18,
                                            option.state & QStyle::State_Selected ? theme.surface.card : theme.surface.badge,
                                            theme.text.primary);
            right = static_cast<int>(badge.left());
        }
        int x = row.left() + 48;
        const QFont titleFont = theme.font(TextRole::Body, QFont::Medium);
        painter->setFont(titleFont);
        painter->setPen(fits ? theme.text.primary : theme.text.disabled);
        const QString title = index.data(TypeRole).toString();
        painter->drawText(QRect(x, row.top(), right - x, row.height()), Qt::AlignLeft | Qt::AlignVCenter, title);
        x += QFontMetrics(titleFont).horizontalAdvance(title) + 10;
        const QFont small = theme.font(TextRole::Small);
        painter->setFont(small);
        painter->setPen(fits ? theme.text.secondary : theme.text.disabled);
        painter->drawText(QRect(x, row.top(), std::max(0, right - x - 8), row.height()), Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(small).elidedText(index.data(DetailRole).toString(), Qt::ElideRight, right - x - 8));
        painter->restore();
    }
};

} // namespace

SearchPalette::SearchPalette(QWidget* host) : FieldPopover(host, kRow, kRows), m_host(host) {
    setObjectName(QStringLiteral("searchPalette"));
    m_field->setObjectName(QStringLiteral("searchField"));
    m_field->setPlaceholderText(tr("Search by name, synonym or Keras name"));
    m_field->setAccessibleName(tr("Search layers"));
    m_field->setToolTip(tr("Names, synonyms, Keras names"));

    m_columns = new QWidget;
    auto* columns = new QHBoxLayout(m_columns);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(0);
    m_parameters = secondaryLabel(tr("parameters"));
    m_parameters->setAlignment(Qt::AlignRight);
    columns->addWidget(secondaryLabel(tr("output")));
    columns->addWidget(m_parameters);
    m_head->setContentsMargins(14, 5, 12, 5); // in line with the rows
    m_head->addWidget(m_columns);

    m_list->setObjectName(QStringLiteral("searchResults"));
    m_list->setAccessibleName(tr("Layers that fit"));
    setDelegate(new MatchDelegate);
    m_enter->setText(tr("adds and connects"));
    m_more = linkButton({});
    m_more->setFocusPolicy(Qt::NoFocus);
    m_more->setAccessibleName(tr("Show layers that do not fit"));
    m_more->setToolTip(tr("Shows these, too, each with the reason"));
    m_foot->addWidget(m_more);
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_showAll = true;
        refresh();
    });
}

void SearchPalette::openAt(QPoint at, const SearchContext& context, const QString& heading) {
    m_context = context;
    m_showAll = false;
    liftToWindow(*this, *m_host);
    setRowHeight(wordLength(kRow));
    setFixedWidth(std::min(wordLength(kWidth), room().width() - 2 * kEdge));
    m_parameters->setFixedWidth(wordLength(kParameters));
    m_heading->setText(heading);
    m_columns->setVisible(context.input.has_value());
    m_field->clear();
    refresh();
    adjustSize();
    const QRect space = room().adjusted(kEdge, kEdge, -kEdge, -kEdge);
    const QPoint wanted = m_host->mapTo(m_host->window(), at);
    move(std::clamp(wanted.x(), space.left(), std::max(space.left(), space.right() + 1 - width())),
         std::clamp(wanted.y(), space.top(), std::max(space.top(), space.bottom() + 1 - height())));
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
}

QRect SearchPalette::room() const {
    return popoverRoom(*m_host, {wordLength(kWidth) + 2 * kEdge, wordLength(kRow * kRows + kAroundRows)});
}

QStringList SearchPalette::offered() const {
    QStringList ids;
    for (int row = 0; row < m_model->rowCount(); ++row) ids << m_model->item(row)->data(TypeRole).toString();
    return ids;
}

void SearchPalette::refresh() {
    m_model->clear();
    int unfit = 0;
    for (const LayerMatch& match : searchLayers(m_field->text(), m_context)) {
        if (!match.fits && !match.named && !m_showAll) {
            ++unfit;
            continue;
        }
        const QString id = QString::fromStdString(match.type->schema.id);
        auto* item = new QStandardItem(id);
        item->setData(id, TypeRole);
        item->setData(match.fits ? match.detail : match.reason, DetailRole);
        item->setData(match.output, OutputRole);
        item->setData(match.parameters, ParametersRole);
        item->setData(QString::fromStdString(match.type->schema.category), CategoryRole);
        item->setData(layerIcon(*match.type), IconRole);
        item->setData(match.fits, FitsRole);
        item->setToolTip(translated(match.type->schema.doc));
        m_model->appendRow(item);
    }
    fitRows(room().height() - wordLength(kAroundRows));
    m_more->setVisible(unfit > 0);
    m_more->setText(tr("Show %1 that do not fit").arg(unfit));
    if (isVisible()) adjustSize();
}

void SearchPalette::accept(int row) {
    const QStandardItem* item = m_model->item(row);
    if (item == nullptr) return;
    const QString type = item->data(TypeRole).toString();
    hide();
    Q_EMIT chosen(type);
}

void SearchPalette::hideEvent(QHideEvent* event) {
    FieldPopover::hideEvent(event);
    // The canvas had the focus before and is where the next key belongs.
    if (m_host && m_field->hasFocus()) m_host->setFocus(Qt::OtherFocusReason);
    Q_EMIT closed();
}

} // namespace strata::ui
