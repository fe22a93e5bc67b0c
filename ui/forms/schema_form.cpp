// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/schema_form.h"

#include "ui/document/words.h"
#include "ui/forms/param_editor.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kLabelWidth = 122, kCompactLabelWidth = 102;
constexpr qsizetype kMostValues = 6; ///< of the layers that differ, in a tool tip

bool within(const QObject* child, const QObject* ancestor) {
    for (; child != nullptr; child = child->parent()) {
        if (child == ancestor) return true;
    }
    return false;
}

} // namespace

SchemaForm::SchemaForm(const Schema& schema, QWidget* parent)
    : QWidget(parent), m_schema(schema), m_grid(new QGridLayout(this)), m_defaults(schema.defaults()) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(6);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnMinimumWidth(0, kLabelWidth);
    bool anyAdvanced = false;
    int at = 0;
    for (const bool advanced : {false, true}) {
        if (advanced && anyAdvanced) {
            m_more = new QToolButton(this);
            m_more->setObjectName(QStringLiteral("moreParameters"));
            m_more->setText(tr("More parameters"));
            m_more->setToolTip(tr("Shows or hides those that are seldom changed"));
            m_more->setCheckable(true);
            m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
            m_more->setStyleSheet(QStringLiteral("QToolButton, QToolButton:checked { background: transparent; padding: 3px 0; }"));
            m_more->setIcon(icon(QStringLiteral("chevron-right"), IconTone::Secondary));
            connect(m_more, &QToolButton::toggled, this, &SchemaForm::showMore);
            m_grid->addWidget(m_more, at++, 0, 1, 3, Qt::AlignLeft);
        }
        for (const Param& param : schema.params) {
            anyAdvanced = anyAdvanced || param.advanced;
            if (param.advanced != advanced) continue;
            Row row{&param, new QLabel(translated(param.label), this), ParamEditor::make(param, this), nullptr};
            const QString key = QString::fromStdString(param.key);
            row.label->setToolTip(translated(param.doc));
            row.editor->setToolTip(translated(param.doc));
            row.label->setBuddy(row.editor->field());
            row.label->setMinimumHeight(26);
            row.editor->setObjectName(key);
            row.reset = iconButton(QStringLiteral("reset"), tr("Back to %1").arg(QString::fromStdString(param.defaultValue.text())), this);
            row.reset->setObjectName(QStringLiteral("reset:") + key);
            row.reset->setFixedSize(22, 26);
            row.label->setWordWrap(false);
            m_grid->addWidget(row.label, at, 0, Qt::AlignTop | Qt::AlignLeft);
            m_grid->addWidget(row.editor, at, 1);
            m_grid->addWidget(row.reset, at, 2, Qt::AlignTop);
            ++at;
            if (row.editor->below() != nullptr) m_grid->addWidget(row.editor->below(), at++, 0, 1, 3);
            connect(row.editor, &ParamEditor::edited, this, [this, key](const ParamValue& value) { Q_EMIT edited(key, value); });
            connect(row.editor, &ParamEditor::settled, this, &SchemaForm::settled);
            connect(row.reset, &QToolButton::clicked, this, [this, key, &param] {
                Q_EMIT settled(); // going back is a step of its own
                Q_EMIT edited(key, param.defaultValue);
                Q_EMIT settled();
            });
            for (QWidget* field : row.editor->findChildren<QWidget*>()) field->installEventFilter(this);
            m_rows.push_back(row);
        }
    }
    setValues({});
    showMore(false);
}

void SchemaForm::setNested() {
    m_nested = true;
    m_grid->setColumnMinimumWidth(0, 80);
}

void SchemaForm::setDensity(Density density) {
    const bool compact = density == Density::Compact;
    m_grid->setVerticalSpacing(std::max(1, Metrics::of(density).window.formRow - 28));
    if (!m_nested) m_grid->setColumnMinimumWidth(0, compact ? kCompactLabelWidth : kLabelWidth);
}

const ParamValue& SchemaForm::valueOf(const Row& row, const ParamMap& card) const {
    const auto it = card.find(row.param->key);
    return it == card.end() ? row.param->defaultValue : it->second;
}

void SchemaForm::refreshRow(Row& row, const std::vector<ParamMap>& cards) {
    const ParamValue& first = valueOf(row, cards.front());
    const auto isFirst = [&](const ParamMap& card) { return valueOf(row, card) == first; };
    const auto isDefault = [&](const ParamMap& card) { return valueOf(row, card) == row.param->defaultValue; };
    const bool mixed = !std::ranges::all_of(cards, isFirst);
    const bool changed = !std::ranges::all_of(cards, isDefault);
    if (mixed) row.editor->setMixed(first);
    else row.editor->setValue(first);
    const QString doc = translated(row.param->doc);
    row.label->setToolTip(mixed ? doc + QStringLiteral("\n\n") + differing(row, cards) : doc);
    row.editor->field()->setAccessibleDescription(mixed ? differing(row, cards) : QString());
    row.reset->setVisible(changed && !row.label->isHidden());
    setTextRole(row.label, TextRole::Body, changed ? QFont::DemiBold : QFont::Normal);
}

/// "The layers differ: 120, 84. A value chosen here holds for all of them."
QString SchemaForm::differing(const Row& row, const std::vector<ParamMap>& cards) const {
    QStringList values;
    for (const ParamMap& card : cards) {
        const QString text = QString::fromStdString(valueOf(row, card).text());
        if (values.size() == kMostValues && !values.contains(text)) {
            values << QStringLiteral("…");
            break;
        }
        if (!values.contains(text)) values << text;
    }
    return tr("The layers differ: %1. A value chosen here holds for all of them.").arg(values.join(QStringLiteral(", ")));
}

void SchemaForm::setCards(std::vector<ParamMap> cards) {
    for (ParamMap& card : cards) {
        if (Result<ParamMap> checked = m_schema.check(card)) card = std::move(*checked);
    }
    for (Row& row : m_rows) refreshRow(row, cards);
    // What is not as usual is not hidden.
    if (m_more == nullptr || m_open) return;
    const auto isUsual = [&](const Row& row) {
        return std::ranges::all_of(cards, [&](const ParamMap& card) { return valueOf(row, card) == row.param->defaultValue; });
    };
    if (std::ranges::all_of(m_rows, [&](const Row& row) { return !row.param->advanced || isUsual(row); })) return;
    m_more->setChecked(true);
    for (Row& row : m_rows) refreshRow(row, cards);
}

void SchemaForm::showMore(bool on) {
    m_open = on;
    if (m_more != nullptr) m_more->setIcon(icon(on ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), IconTone::Secondary));
    for (Row& row : m_rows) {
        if (!row.param->advanced) continue;
        row.label->setVisible(on);
        row.editor->setVisible(on);
        if (row.editor->below() != nullptr) row.editor->below()->setVisible(on);
        row.reset->setVisible(on && row.label->font().weight() == QFont::DemiBold);
    }
}

void SchemaForm::focusFirst() {
    if (!m_rows.empty()) m_rows.front().editor->field()->setFocus(Qt::TabFocusReason);
}

void SchemaForm::focusOn(const QString& key) {
    ParamEditor* wanted = editor(key);
    if (wanted == nullptr) return;
    if (wanted->isHidden() && m_more != nullptr) m_more->setChecked(true);
    wanted->field()->setFocus(Qt::TabFocusReason);
}

ParamEditor* SchemaForm::editor(const QString& key) const {
    for (const Row& row : m_rows) {
        if (QString::fromStdString(row.param->key) == key) return row.editor;
    }
    return nullptr;
}

QToolButton* SchemaForm::resetButton(const QString& key) const {
    for (const Row& row : m_rows) {
        if (QString::fromStdString(row.param->key) == key) return row.reset;
    }
    return nullptr;
}

bool SchemaForm::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn) {
        for (const Row& row : m_rows) {
            if (within(watched, row.editor)) Q_EMIT focused(QString::fromStdString(row.param->key));
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace strata::ui
