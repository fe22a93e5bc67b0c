// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/layer_help.h"

#include "engine/core/number_text.h"
#include "ui/document/number_text.h"
#include "ui/document/words.h"

#include <QObject>

#include <cmath>

namespace strata::ui {
namespace {

QString safe(const std::string& text) {
    return QString::fromStdString(text).toHtmlEscaped();
}
QString safeWords(const std::string& english) {
    return translated(english).toHtmlEscaped();
}

QString range(const Param& param) {
    QStringList parts;
    if (!param.choices.empty()) {
        QStringList choices;
        for (const std::string& choice : param.choices) choices << safeWords(choice);
        parts << QObject::tr("one of %1").arg(choices.join(QStringLiteral(", ")));
    }
    QStringList bounds;
    const auto bound = [](double number) { return safe(plainNumber(number)); };
    if (std::isfinite(param.min)) bounds << (param.exclusiveMin ? QObject::tr("above %1") : QObject::tr("from %1")).arg(bound(param.min));
    if (std::isfinite(param.max) && param.max < 1e9) bounds << (param.exclusiveMax ? QObject::tr("below %1") : QObject::tr("to %1")).arg(bound(param.max));
    if (!bounds.isEmpty()) parts << bounds.join(QLatin1Char(' '));
    parts << QObject::tr("default %1").arg(safe(param.defaultValue.text()));
    return parts.join(QStringLiteral(", "));
}

} // namespace

QString layerHelp(const LayerType& type) {
    QString html = QStringLiteral("<p>%1</p>").arg(safeWords(type.schema.doc));
    for (const bool advanced : {false, true}) { // as the form has them
        for (const Param& param : type.schema.params) {
            if (param.advanced != advanced) continue;
            html += QStringLiteral("<p><b>%1</b> <code>%2</code><br/>%3<br/><small>%4</small></p>")
                        .arg(safeWords(param.label), safe(param.key), safeWords(param.doc), range(param));
        }
    }
    QString examples;
    for (const LayerExample& example : type.examples) {
        const Result<LayerPlan> plan = planLayer(type, example.params, example.inputs);
        if (!plan || example.inputs.empty()) continue;
        examples += QStringLiteral("<li>%1: %2 → %3</li>")
                        .arg(safeWords(example.title), shapeText(example.inputs.front()), shapeText(plan->output));
    }
    if (!examples.isEmpty()) html += QStringLiteral("<p><b>%1</b></p><ul>%2</ul>").arg(QObject::tr("Examples"), examples);
    if (!type.schema.reference.empty()) {
        const QString reference = safe(type.schema.reference);
        const bool link = reference.startsWith(QLatin1String("http"));
        html += QStringLiteral("<p>%1</p>").arg(link ? QStringLiteral("<a href=\"%1\">%1</a>").arg(reference) : reference);
    }
    return html;
}

} // namespace strata::ui
