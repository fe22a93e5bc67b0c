// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/palette_panel.h"

#include "engine/layers/layer_order.h"
#include "ui/document/words.h"
#include "ui/editor/card_face.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/layer_search.h"
#include "ui/look/icons.h"
#include "ui/look/text_scale.h"
#include "ui/look/theme.h"

#include <QAction>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <map>
#include <tuple>

namespace strata::ui {
namespace {

constexpr int kTypeRole = Qt::UserRole + 1, kCategoryRole = Qt::UserRole + 2, kPlaceRole = Qt::UserRole + 3;

/// A tree whose leaves can be dragged to the canvas.
class LayerTree : public QTreeWidget {
public:
    explicit LayerTree(QWidget* parent) : QTreeWidget(parent) {}

protected:
    QStringList mimeTypes() const override { return {QLatin1String(EditorView::kLayerMime)}; }
    QMimeData* mimeData(const QList<QTreeWidgetItem*>& items) const override {
        const QString type = items.isEmpty() ? QString() : items.front()->data(0, kTypeRole).toString();
        if (type.isEmpty()) return nullptr;
        auto* data = new QMimeData;
        data->setData(QLatin1String(EditorView::kLayerMime), type.toUtf8());
        return data;
    }
    void drawBranches(QPainter*, const QRect&, const QModelIndex&) const override {}
};

/// A category row with its chevron, a layer row with its icon in the category's colour.
class PaletteDelegate : public QStyledItemDelegate {
public:
    PaletteDelegate(QTreeWidget* tree, const int* rowHeight) : QStyledItemDelegate(tree), m_tree(tree), m_rowHeight(rowHeight) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, *m_rowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = currentTheme();
        const double ratio = painter->device()->devicePixelRatioF();
        const QRect row(0, option.rect.top(), m_tree->viewport()->width(), option.rect.height());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool selected = option.state & QStyle::State_Selected;
        if (selected || option.state & QStyle::State_MouseOver) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(selected ? theme.selection.fill : theme.surface.hover);
            painter->drawRoundedRect(row.adjusted(6, 0, -6, 0), 5, 5);
        }
        const auto draw = [&](const QString& name, int size, int x, const QColor& color) {
            painter->drawPixmap(QRectF(x, row.center().y() - size / 2.0 + 0.5, size, size), iconPixmap(name, size, color, ratio),
                                QRectF(0, 0, size * ratio, size * ratio));
        };
        const bool category = !index.parent().isValid();
        if (category) {
            draw(m_tree->isExpanded(index) ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), 14, 8, theme.text.secondary);
            painter->setFont(theme.font(TextRole::Small, QFont::DemiBold));
            painter->setPen(theme.text.secondary);
            painter->drawText(row.adjusted(28, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
        } else {
            const CategoryLook& look = theme.category(index.data(kCategoryRole).toString());
            painter->setPen(Qt::NoPen);
            painter->setBrush(look.tint);
            painter->drawRoundedRect(QRectF(12, row.center().y() - 9.5, 20, 20), 5, 5);
            draw(index.data(Qt::DecorationPropertyRole).toString(), 16, 14, look.color);
            const QRect room = row.adjusted(40, 0, -4, 0);
            painter->setFont(fittingFont(theme.font(TextRole::Body), index.data().toString(), room.width(), theme));
            painter->setPen(theme.text.primary);
            painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                              QFontMetrics(painter->font()).elidedText(index.data().toString(), Qt::ElideMiddle, room.width()));
        }
        painter->restore();
    }

private:
    QTreeWidget* m_tree;
    const int* m_rowHeight;
};

/// Of what was typed the best match first, then what is used most; without a query by name.
void sortLayers(QTreeWidgetItem& group, const QString& query) {
    QList<QTreeWidgetItem*> leaves = group.takeChildren();
    const auto key = [&](const QTreeWidgetItem* leaf) {
        const std::string type = leaf->data(0, kTypeRole).toString().toStdString();
        if (query.isEmpty()) return std::tuple(0, 0, std::size_t{0}, type);
        return std::tuple(-matchQuality(findLayerType(type)->schema, query), -usesOf(type), type.size(), type);
    };
    std::ranges::sort(leaves, {}, key);
    group.addChildren(leaves);
}

int qualityOf(const QTreeWidgetItem* leaf, const QString& query) {
    return matchQuality(findLayerType(leaf->data(0, kTypeRole).toString().toStdString())->schema, query);
}

/// The group of the best match first; without a query as the categories are told.
void sortGroups(QTreeWidget& tree, const QString& query) {
    QList<QTreeWidgetItem*> groups;
    std::map<const QTreeWidgetItem*, bool> open;
    for (int g = 0; g < tree.topLevelItemCount(); ++g) {
        groups << tree.topLevelItem(g);
        open[groups.back()] = groups.back()->isExpanded();
    }
    const auto key = [&](const QTreeWidgetItem* group) {
        int best = 0;
        for (int i = 0; i < group->childCount() && !query.isEmpty(); ++i) best = std::max(best, qualityOf(group->child(i), query));
        return std::pair(-best, group->data(0, kPlaceRole).toInt());
    };
    QList<QTreeWidgetItem*> sorted = groups;
    std::ranges::stable_sort(sorted, {}, key);
    if (sorted == groups) return;
    while (tree.topLevelItemCount() > 0) tree.takeTopLevelItem(0);
    tree.addTopLevelItems(sorted);
    for (QTreeWidgetItem* group : sorted) group->setExpanded(open[group]);
}

} // namespace

PalettePanel::PalettePanel(QWidget* parent) : QWidget(parent) {
    setProperty("surface", "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_field = new QLineEdit;
    m_field->setObjectName(QStringLiteral("paletteField"));
    m_field->setPlaceholderText(tr("Search layers"));
    m_field->setAccessibleName(tr("Search layers"));
    m_field->setToolTip(tr("Names, synonyms, Keras names"));
    m_field->setClearButtonEnabled(true);
    m_field->setTextMargins(2, 0, 0, 0);
    m_field->addAction(icon(QStringLiteral("search"), IconTone::Secondary), QLineEdit::LeadingPosition);
    m_field->installEventFilter(this);
    auto* margin = new QVBoxLayout;
    margin->setContentsMargins(10, 0, 10, 0);
    margin->addWidget(m_field);
    column->addLayout(margin);

    m_tree = new LayerTree(this);
    m_tree->setObjectName(QStringLiteral("paletteTree"));
    m_tree->setAccessibleName(tr("Layers"));
    m_tree->setHeaderHidden(true);
    m_tree->setIndentation(0);
    m_tree->setRootIsDecorated(false);
    m_tree->setMouseTracking(true);
    m_tree->setDragEnabled(true);
    m_tree->setDragDropMode(QAbstractItemView::DragOnly);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setUniformRowHeights(true);
    m_tree->setItemDelegate(new PaletteDelegate(m_tree, &m_rowHeight));
    column->addWidget(m_tree, 1);

    for (const LayerCategory& category : layerCategories()) {
        QTreeWidgetItem* group = nullptr;
        for (const LayerType& type : layerTypes()) {
            if (type.schema.category != category.id) continue;
            if (group == nullptr) {
                group = new QTreeWidgetItem(m_tree, {translated(category.title)});
                group->setFlags(Qt::ItemIsEnabled);
                group->setData(0, kPlaceRole, m_tree->topLevelItemCount());
                group->setExpanded(true);
            }
            const QString id = QString::fromStdString(type.schema.id);
            auto* leaf = new QTreeWidgetItem(group, {id});
            leaf->setData(0, kTypeRole, id);
            leaf->setData(0, kCategoryRole, QString::fromStdString(type.schema.category));
            leaf->setData(0, Qt::DecorationPropertyRole, layerIcon(type));
            leaf->setToolTip(0, id + QLatin1Char('\n') + translated(type.schema.doc)); // the name may be cut
            leaf->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled);
        }
    }
    connect(m_field, &QLineEdit::textChanged, this, &PalettePanel::filter);
    connect(m_tree, &QTreeWidget::itemDoubleClicked, this, &PalettePanel::choose);
    connect(m_tree, &QTreeWidget::itemClicked, this, [](QTreeWidgetItem* item) {
        if (item->parent() == nullptr) item->setExpanded(!item->isExpanded());
    });
    m_tree->installEventFilter(this);
}

void PalettePanel::setRowHeight(int height) {
    m_rowHeight = height;
    m_tree->doItemsLayout();
}

void PalettePanel::filter(const QString& text) {
    const QString query = text.trimmed();
    for (int g = 0; g < m_tree->topLevelItemCount(); ++g) sortLayers(*m_tree->topLevelItem(g), query);
    sortGroups(*m_tree, query);
    // The first of the first group is the best of all.
    QTreeWidgetItem* first = m_tree->topLevelItem(0)->child(0);
    const int best = qualityOf(first, query);
    for (int g = 0; g < m_tree->topLevelItemCount(); ++g) {
        QTreeWidgetItem* group = m_tree->topLevelItem(g);
        bool any = false;
        for (int i = 0; i < group->childCount(); ++i) {
            const bool shown = isShown(qualityOf(group->child(i), query), best);
            group->child(i)->setHidden(!shown);
            any = any || shown;
        }
        group->setHidden(!any);
    }
    if (query.isEmpty()) m_tree->clearSelection();
    else m_tree->setCurrentItem(best > 0 ? first : nullptr);
    m_tree->scrollToTop();
}

void PalettePanel::choose(QTreeWidgetItem* item) {
    if (item != nullptr && item->parent() != nullptr) Q_EMIT layerChosen(item->data(0, kTypeRole).toString());
}

/// What a list would take for the beginning of a name, or for the way to its first row.
bool PalettePanel::isCanvasKey(const QKeyEvent& event) {
    const bool letter = !event.text().isEmpty() && event.text().front().isPrint() && event.key() != Qt::Key_Space;
    return letter || event.key() == Qt::Key_Home;
}

bool PalettePanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            choose(m_tree->currentItem());
            return true;
        }
        if (watched == m_field && (key == Qt::Key_Down || key == Qt::Key_Up)) {
            m_tree->setFocus();
            QCoreApplication::sendEvent(m_tree, event);
            return true;
        }
        if (watched == m_field && key == Qt::Key_Escape) {
            m_field->clear();
            return true;
        }
        // A row under the mouse is no place to type: the list leaves its letters to whom they are meant for.
        if (watched == m_tree && isCanvasKey(*static_cast<QKeyEvent*>(event))) {
            Q_EMIT canvasKeyPressed(static_cast<QKeyEvent*>(event)->keyCombination());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace strata::ui
