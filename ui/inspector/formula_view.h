// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/formula.h"

#include <QWidget>

namespace strata::ui {

/// A formula as it is set: numbers on badges with the word for each below, signs between them, the result in the
/// accent's soft colour. Goes on in the next line where there is no room.
class FormulaView : public QWidget {
    Q_OBJECT
public:
    explicit FormulaView(std::vector<FormulaTerm> terms, QWidget* parent = nullptr);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
    void changeEvent(QEvent* event) override;

private:
    struct Box {
        QRectF value, label;
    };
    /// Where everything stands at this width; returns the height.
    int place(int width, std::vector<Box>* boxes) const;
    double widthOf(const FormulaTerm& term) const;

    std::vector<FormulaTerm> m_terms;
};

} // namespace strata::ui
