// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/text_editors.h"

#include "ui/document/words.h"
#include "ui/forms/mixed_spin.h"
#include "ui/look/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QStyle>

namespace strata::ui {
namespace {

const QString& none() {
    static const QString word = QStringLiteral("None");
    return word;
}

void mark(QWidget* widget, bool invalid, const QString& why) {
    if (widget->property("invalid").toBool() != invalid) {
        widget->setProperty("invalid", invalid);
        widget->style()->unpolish(widget);
        widget->style()->polish(widget);
    }
    widget->setToolTip(why);
}

} // namespace

ChoiceEditor::ChoiceEditor(const Param& param, QWidget* parent) : ParamEditor(param, parent), m_combo(new QComboBox(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_combo);
    m_combo->setMinimumWidth(70);
    if (param.optional) m_combo->addItem(none());
    for (const std::string& choice : param.choices) m_combo->addItem(translated(choice), QString::fromStdString(choice));
    m_combo->setAccessibleName(translated(param.label));
    m_combo->setMinimumContentsLength(6);
    m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    watch(m_combo);
    connect(m_combo, &QComboBox::currentIndexChanged, this, [this](int index) {
        const QVariant data = m_combo->itemData(index);
        Q_EMIT edited(data.isValid() ? ParamValue(data.toString().toStdString()) : ParamValue());
        Q_EMIT settled();
    });
}

void ChoiceEditor::setMixed(const ParamValue&) {
    const QSignalBlocker blocker(m_combo);
    m_combo->setPlaceholderText(mixedWord());
    m_combo->setCurrentIndex(-1);
}

void ChoiceEditor::setValue(const ParamValue& value) {
    const QSignalBlocker blocker(m_combo);
    m_combo->setCurrentIndex(value.asText() == nullptr ? (param().optional ? 0 : -1)
                                                       : m_combo->findData(QString::fromStdString(*value.asText())));
}

QWidget* ChoiceEditor::field() {
    return m_combo;
}

LineEditor::LineEditor(const Param& param, QWidget* parent) : ParamEditor(param, parent), m_line(new QLineEdit(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_line);
    m_line->setMinimumWidth(60);
    m_line->setAccessibleName(translated(param.label));
    connect(m_line, &QLineEdit::editingFinished, this, &LineEditor::commit);
    watch(m_line);
}

QString LineEditor::toText(const ParamValue& value) {
    QStringList parts;
    if (const auto* ints = value.asInts()) {
        for (const std::int64_t v : *ints) parts << (v < 0 ? QStringLiteral("?") : QString::number(v));
        return parts.join(QStringLiteral(", "));
    }
    if (const auto* reals = value.asReals()) {
        for (const double v : *reals) parts << QString::number(v, 'g', 10);
        return parts.join(QStringLiteral(", "));
    }
    if (value.isNull()) return {};
    if (value.asReal() != nullptr) return QString::number(*value.asReal(), 'g', 10);
    return QString::fromStdString(value.text());
}

Result<ParamValue> LineEditor::fromText(const Param& param, const QString& text) {
    const QString trimmed = text.trimmed();
    if (param.optional && (trimmed.isEmpty() || trimmed == none())) return ParamValue();
    const auto unreadable = [&](const QString& part) {
        return failure("param.unreadable", tr("%1: \"%2\" is no number; write numbers with commas between them.")
                                                 .arg(translated(param.label), part).toStdString());
    };
    bool ok = false;
    ParamValue::IntList ints;
    ParamValue::RealList reals;
    switch (param.kind) {
    case ParamKind::Int: {
        const qlonglong value = trimmed.toLongLong(&ok);
        if (!ok) return unreadable(trimmed);
        return ParamValue(std::int64_t{value});
    }
    case ParamKind::Real: {
        const double value = QLocale::c().toDouble(trimmed, &ok);
        if (!ok) return unreadable(trimmed);
        return ParamValue(value);
    }
    case ParamKind::IntTuple:
    case ParamKind::RealList: {
        QString plain = trimmed;
        for (const QChar c : QStringLiteral("()[]×x;")) plain.replace(c, c == QLatin1Char('(') || c == QLatin1Char(')') ? QLatin1Char(' ') : QLatin1Char(','));
        for (const QString& piece : plain.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            const QString part = piece.trimmed();
            if (part.isEmpty()) continue;
            if (param.kind == ParamKind::IntTuple && param.allowUnknown && (part == QLatin1String("?") || part == none())) {
                ints.push_back(-1);
                continue;
            }
            if (param.kind == ParamKind::IntTuple) ints.push_back(part.toLongLong(&ok));
            else reals.push_back(QLocale::c().toDouble(part, &ok));
            if (!ok) return unreadable(part);
        }
        if (param.kind == ParamKind::IntTuple) return ParamValue(ints);
        return ParamValue(reals);
    }
    default: return ParamValue(trimmed.toStdString());
    }
}

void LineEditor::setMixed(const ParamValue&) {
    show({}, mixedWord());
    m_mixed = true;
}

void LineEditor::setValue(const ParamValue& value) {
    show(toText(value), param().optional ? none() : QString());
    m_mixed = false;
}

void LineEditor::show(const QString& text, const QString& otherwise) {
    const QSignalBlocker blocker(m_line);
    m_line->setPlaceholderText(otherwise);
    if (m_line->text() != text) m_line->setText(text);
    m_line->setModified(false);
    mark(m_line, false, {});
}

void LineEditor::commit() {
    if (m_mixed && !m_line->isModified()) return; // left as it was
    Result<ParamValue> value = fromText(param(), m_line->text());
    if (value) value = checkParam(translated(param().label).toStdString(), param(), *value);
    if (!value) {
        mark(m_line, true, QString::fromStdString(value.error().message));
        return;
    }
    mark(m_line, false, {});
    Q_EMIT edited(*value);
    Q_EMIT settled();
}

QWidget* LineEditor::field() {
    return m_line;
}

} // namespace strata::ui
