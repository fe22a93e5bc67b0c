// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/number_editors.h"

#include "ui/document/words.h"
#include "ui/forms/mixed_spin.h"
#include "ui/look/icons.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata::ui {
namespace {

int bounded(double value, int otherwise) {
    if (!std::isfinite(value)) return otherwise;
    return static_cast<int>(std::clamp(value, -2147483647.0, 2147483647.0));
}

/// Where nothing is written because the cards differ, a step begins at the number behind it.
class IntSpin : public QSpinBox {
public:
    using QSpinBox::QSpinBox;

    void stepBy(int steps) override {
        if (lineEdit()->text().isEmpty()) setValue(value());
        QSpinBox::stepBy(steps);
    }
};

QSpinBox* intSpin(const Param& param, QWidget* parent) {
    auto* spin = new IntSpin(parent);
    const int least = bounded(param.min, -2147483647) + (param.exclusiveMin ? 1 : 0);
    spin->setRange(param.allowUnknown ? std::min(least, 1) - 1 : least, bounded(param.max, 2147483647) - (param.exclusiveMax ? 1 : 0));
    // The value below the least one stands for a size that is not known yet.
    if (param.allowUnknown) spin->setSpecialValueText(QStringLiteral("?"));
    spin->setKeyboardTracking(false);
    spin->setAccessibleName(translated(param.label));
    return spin;
}

/// A spin box that writes numbers as people do: 0.001, 1e-07, never 0.0010000000.
class RealSpin : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;

    QString textFromValue(double value) const override {
        return QString::number(value, 'g', 10);
    }
    double valueFromText(const QString& text) const override {
        return QLocale::c().toDouble(text);
    }
    QValidator::State validate(QString& text, int&) const override {
        bool ok = false;
        const double value = QLocale::c().toDouble(text, &ok);
        if (ok) return value >= minimum() && value <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
        return std::ranges::all_of(text, [](QChar c) { return c.isDigit() || QStringLiteral("+-.eE").contains(c); })
                   ? QValidator::Intermediate
                   : QValidator::Invalid;
    }
    void stepBy(int steps) override {
        const double magnitude = value() == 0 ? 0.1 : std::pow(10.0, std::floor(std::log10(std::abs(value())) + 1e-9));
        // Down from 0.001 the next is 0.0009, not 0.
        const double step = steps < 0 && std::abs(std::abs(value()) - magnitude) < magnitude * 1e-6 && value() != 0 ? magnitude / 10 : magnitude;
        setValue(QString::number(value() + steps * step, 'g', 6).toDouble());
    }
};

} // namespace

BoolEditor::BoolEditor(const Param& param, QWidget* parent) : ParamEditor(param, parent), m_box(new QCheckBox(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_box);
    row->addStretch(1);
    m_box->setAccessibleName(translated(param.label));
    m_box->setToolTip(translated(param.doc));
    watch(m_box);
    connect(m_box, &QCheckBox::stateChanged, this, [this](int state) {
        if (state == Qt::PartiallyChecked) return m_box->setCheckState(Qt::Checked); // from off, as the third state goes round
        Q_EMIT edited(state == Qt::Checked);
        Q_EMIT settled();
    });
}

void BoolEditor::setMixed(const ParamValue&) {
    const QSignalBlocker blocker(m_box);
    m_box->setCheckState(Qt::PartiallyChecked);
}

void BoolEditor::setValue(const ParamValue& value) {
    const QSignalBlocker blocker(m_box);
    m_box->setTristate(false);
    m_box->setChecked(value.asBool() != nullptr && *value.asBool());
    m_box->update(); // from mixed to yes it counts as checked before and after
}

QWidget* BoolEditor::field() {
    return m_box;
}

IntEditor::IntEditor(const Param& param, QWidget* parent) : ParamEditor(param, parent), m_spin(intSpin(param, this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_spin);
    row->addStretch(1);
    m_spin->setMinimumWidth(wordLength(60));
    m_spin->setMaximumWidth(wordLength(84));
    watch(m_spin);
    const auto chosen = [this] { Q_EMIT edited(std::int64_t{m_spin->value()}); };
    connect(m_spin, &QSpinBox::valueChanged, this, chosen);
    m_mixed = new MixedSpin(*m_spin, chosen);
}

void IntEditor::setMixed(const ParamValue& first) {
    setValue(first);
    m_mixed->set(true);
}

void IntEditor::setValue(const ParamValue& value) {
    m_mixed->set(false);
    const QSignalBlocker blocker(m_spin);
    if (value.asInt() != nullptr) m_spin->setValue(static_cast<int>(*value.asInt()));
}

QWidget* IntEditor::field() {
    return m_spin;
}

RealEditor::RealEditor(const Param& param, QWidget* parent) : ParamEditor(param, parent), m_spin(new RealSpin(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_spin);
    row->addStretch(1);
    const double tiny = 1e-12, tiniest = 1e-38; // above 0 there are numbers as small as Adafactor's 1e-30
    m_spin->setDecimals(40);
    m_spin->setRange(std::isfinite(param.min) ? param.min + (!param.exclusiveMin ? 0 : param.min == 0 ? tiniest : tiny) : -1e12,
                     std::isfinite(param.max) ? param.max - (param.exclusiveMax ? tiny : 0) : 1e12);
    m_spin->setKeyboardTracking(false);
    m_spin->setMinimumWidth(wordLength(76));
    m_spin->setMaximumWidth(wordLength(96));
    m_spin->setAccessibleName(translated(param.label));
    watch(m_spin);
    const auto chosen = [this] { Q_EMIT edited(m_spin->value()); };
    connect(m_spin, &QDoubleSpinBox::valueChanged, this, chosen);
    m_mixed = new MixedSpin(*m_spin, chosen);
}

void RealEditor::setMixed(const ParamValue& first) {
    setValue(first);
    m_mixed->set(true);
}

void RealEditor::setValue(const ParamValue& value) {
    m_mixed->set(false);
    const QSignalBlocker blocker(m_spin);
    if (value.asReal() != nullptr) m_spin->setValue(*value.asReal());
    else if (value.asInt() != nullptr) m_spin->setValue(static_cast<double>(*value.asInt()));
}

QWidget* RealEditor::field() {
    return m_spin;
}

TupleEditor::TupleEditor(const Param& param, QWidget* parent)
    : ParamEditor(param, parent), m_link(iconButton(QStringLiteral("link"), tr("Keep these numbers equal"), this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (int i = 0; i < param.length; ++i) {
        if (i > 0) row->addWidget(new QLabel(QStringLiteral("×"), this));
        QSpinBox* spin = intSpin(param, this);
        spin->setMinimumWidth(wordLength(38));
        // In a narrow dock every pixel goes to the digits.
        spin->setStyleSheet(QStringLiteral("QSpinBox { padding: 0 0 0 3px; } QSpinBox:focus { padding: 0 0 0 2px; } "
                                           "QSpinBox::up-button, QSpinBox::down-button { width: 14px; }"));
        spin->setMaximumWidth(wordLength(64));
        spin->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        row->addWidget(spin, 1);
        m_spins.push_back(spin);
        watch(spin);
        const auto index = static_cast<std::size_t>(i);
        connect(spin, &QSpinBox::valueChanged, this, [this, index] { changed(index); });
        m_mixed.push_back(new MixedSpin(*spin, [this, index] { changed(index); }, QStringLiteral("–"))); // no room for the word
    }
    QWidget::setTabOrder(m_spins.back(), m_link);
    m_link->setCheckable(true);
    m_link->setFixedSize(20, 26);
    m_link->setStyleSheet(QStringLiteral("QToolButton, QToolButton:checked { background: transparent; padding: 0; }"));
    m_link->setVisible(param.length > 1 && !param.allowUnknown);
    row->addWidget(m_link);
    row->addStretch(0);
    const auto showLink = [this](bool on) { m_link->setIcon(icon(QStringLiteral("link"), on ? IconTone::Accent : IconTone::Secondary)); };
    connect(m_link, &QToolButton::toggled, this, showLink);
    showLink(false);
    connect(m_link, &QToolButton::clicked, this, [this](bool on) {
        m_linkTouched = true;
        if (on) changed(0);
    });
}

void TupleEditor::changed(std::size_t index) {
    ParamValue::IntList values;
    for (QSpinBox* spin : m_spins) {
        if (m_link->isChecked() && spin != m_spins[index]) {
            const QSignalBlocker blocker(spin);
            spin->setValue(m_spins[index]->value());
        }
        const bool unknown = param().allowUnknown && spin->value() == spin->minimum();
        values.push_back(unknown ? -1 : spin->value());
    }
    Q_EMIT edited(values);
}

void TupleEditor::setMixed(const ParamValue& first) {
    setValue(first);
    for (MixedSpin* mixed : m_mixed) mixed->set(true);
}

void TupleEditor::setValue(const ParamValue& value) {
    for (MixedSpin* mixed : m_mixed) mixed->set(false);
    const ParamValue::IntList* values = value.asInts();
    if (values == nullptr || values->size() != m_spins.size()) return;
    bool equal = true;
    for (std::size_t i = 0; i < m_spins.size(); ++i) {
        const QSignalBlocker blocker(m_spins[i]);
        const std::int64_t v = (*values)[i];
        m_spins[i]->setValue(v < 0 && param().allowUnknown ? m_spins[i]->minimum() : static_cast<int>(v));
        equal = equal && v == values->front();
    }
    // Equal numbers begin linked; who unlinked them keeps them so.
    if (!equal) m_link->setChecked(false);
    else if (!m_linkTouched) m_link->setChecked(!param().allowUnknown);
}

QWidget* TupleEditor::field() {
    return m_spins.front();
}

} // namespace strata::ui
