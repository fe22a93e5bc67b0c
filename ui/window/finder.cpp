// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/finder.h"

#include "ui/look/text_scale.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

#include <algorithm>
#include <utility>

namespace strata::ui {
namespace {

constexpr int kWidth = 600, kRow = 34, kRows = 11, kTop = 56;
enum Role { TitleRole = Qt::UserRole + 1, DetailRole, RightRole, IconRole, EnabledRole };

/// Icon, title, where it is, and in the right column its value or its keys.
class FindingDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, wordLength(kRow)}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = currentTheme();
        const QRect row = option.rect;
        painter->save();
        if (option.state & QStyle::State_Selected) painter->fillRect(row, theme.selection.fill);
        else if (option.state & QStyle::State_MouseOver) painter->fillRect(row, theme.surface.hover);
        const bool enabled = index.data(EnabledRole).toBool();
        const QColor strong = enabled ? theme.text.primary : theme.text.disabled;
        const QColor soft = enabled ? theme.text.secondary : theme.text.disabled;
        const QIcon sign = index.data(IconRole).value<QIcon>();
        if (!sign.isNull()) {
            const QRect place(row.left() + 15, row.center().y() - 8, 18, 18);
            sign.paint(painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
        }
        const QFont small = theme.font(TextRole::Small);
        const int left = row.left() + 46;
        int right = row.right() - 14;
        painter->setFont(small);
        painter->setPen(soft);
        const QString value = QFontMetrics(small).elidedText(index.data(RightRole).toString(), Qt::ElideMiddle, row.width() / 3);
        painter->drawText(QRect(left, row.top(), right - left, row.height()), Qt::AlignRight | Qt::AlignVCenter, value);
        if (!value.isEmpty()) right -= QFontMetrics(small).horizontalAdvance(value) + 14;

        const QFont body = theme.font(TextRole::Body, QFont::Medium);
        const QString title = QFontMetrics(body).elidedText(index.data(TitleRole).toString(), Qt::ElideRight, right - left);
        painter->setFont(body);
        painter->setPen(strong);
        painter->drawText(QRect(left, row.top(), right - left, row.height()), Qt::AlignLeft | Qt::AlignVCenter, title);
        const int x = left + QFontMetrics(body).horizontalAdvance(title) + 10;
        if (x + 20 < right) {
            painter->setFont(small);
            painter->setPen(soft);
            painter->drawText(QRect(x, row.top(), right - x, row.height()), Qt::AlignLeft | Qt::AlignVCenter,
                              QFontMetrics(small).elidedText(index.data(DetailRole).toString(), Qt::ElideMiddle, right - x));
        }
        painter->restore();
    }
};

} // namespace

Finder::Finder(QWidget* window) : FieldPopover(window, kRow, kRows) {
    setObjectName(QStringLiteral("finder"));
    setAccessibleName(tr("Search"));
    m_field->setObjectName(QStringLiteral("finderField"));
    m_field->setAccessibleName(tr("Search"));
    m_field->setToolTip(tr("Words in any order; each must be in the name or in what stands beside it"));
    m_count = secondaryLabel({});
    m_head->addWidget(m_count);
    m_list->setObjectName(QStringLiteral("finderResults"));
    m_list->setAccessibleName(tr("What was found"));
    setDelegate(new FindingDelegate);
}

void Finder::open(const Words& words, const Collect& collect, const Collect& more) {
    if (!isVisible()) m_before = QApplication::focusWidget();
    m_all = collect();
    m_more = more;
    m_heading->setText(words.heading);
    m_enter->setText(words.enterDoes);
    m_field->setPlaceholderText(words.placeholder);
    m_field->setAccessibleName(words.placeholder);
    m_field->clear();
    const QSize room = parentWidget()->size();
    setRowHeight(wordLength(kRow));
    setFixedWidth(std::min(wordLength(kWidth), room.width() - 32));
    refresh();
    move((room.width() - width()) / 2, kTop);
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
}

void Finder::refresh() {
    if (m_more && !m_field->text().trimmed().isEmpty()) {
        const std::vector<Finding> more = std::exchange(m_more, {})();
        m_all.insert(m_all.end(), more.begin(), more.end());
    }
    m_offered = rank(m_all, m_field->text());
    m_model->clear();
    for (const Finding& each : m_offered) {
        auto* item = new QStandardItem(each.title);
        item->setData(each.title, TitleRole);
        item->setData(each.detail, DetailRole);
        item->setData(each.right, RightRole);
        item->setData(each.icon, IconRole);
        item->setData(each.enabled, EnabledRole);
        item->setToolTip(each.tip);
        item->setData(QStringList{each.title, each.detail, each.right}.join(QStringLiteral(", ")), Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
    fitRows(parentWidget()->height() - kTop - wordLength(140));
    m_count->setText(m_offered.empty() ? tr("nothing found") : QString());
    adjustSize();
}

void Finder::accept(int row) {
    if (row < 0 || row >= static_cast<int>(m_offered.size())) return;
    const Finding finding = m_offered[static_cast<std::size_t>(row)];
    if (!finding.enabled) return;
    hide();
    Q_EMIT chosen(finding);
}

void Finder::hideEvent(QHideEvent* event) {
    FieldPopover::hideEvent(event);
    // The keys go on where they went before.
    if (m_field->hasFocus() && m_before != nullptr) m_before->setFocus(Qt::OtherFocusReason);
}

} // namespace strata::ui
