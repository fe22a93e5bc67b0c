// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"

#include <QTimer>
#include <QWidget>

#include <array>

class QHBoxLayout;
class QLabel;

namespace strata::ui {

class ElidedLabel;

/// What the whole network costs, in the status bar; at the right the file and how it stands with it.
class TotalsBar : public QWidget {
    Q_OBJECT
public:
    explicit TotalsBar(GraphDocument& document, QWidget* parent = nullptr);
    /// "about 1.5 s": what an epoch is expected to take, and where that comes from; empty hides it.
    void setEpochTime(const QString& text, const QString& how);
    /// What a run and predicting a batch take as the engine plans them; 0: not known, then the layers are added up roughly.
    void setMemory(qint64 training, qint64 inference);
    /// For some seconds from now; empty ends it at once.
    void setMessage(const QString& text);
    /// What stands at the right: the message, else the file.
    QString message() const;
    QSize minimumSizeHint() const override { return {40, QWidget::minimumSizeHint().height()}; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Figure {
        QWidget* box;
        QLabel *name, *value;
        QWidget* gap = nullptr; ///< before it; null: it is the first
        QString tip{};          ///< a sentence on it
        bool wanted = true;     ///< there is something to say
    };
    Figure add(const QString& name);
    std::array<Figure*, 9> figures();
    void refresh();
    void refreshFile();
    /// Leaves out whole figures, those that matter least first, where there is no room; for a message, which goes again,
    /// everything if need be. The tool tips have what is left out.
    void fit();
    void tellTheRest();
    void write(const QString& text, bool message);
    void describeMemory(const GraphTotals& totals, std::int64_t batch);

    GraphDocument& m_document;
    QHBoxLayout* m_row;
    Figure m_layers, m_part, m_parameters, m_macs, m_flops, m_memory, m_inference, m_receptive, m_epoch;
    ElidedLabel* m_file;
    qint64 m_training = 0, m_predicting = 0;
    bool m_message = false;
    QTimer* m_messageEnd;
};

} // namespace strata::ui
