// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QCheckBox;
class QGridLayout;
class QLayout;
class QVBoxLayout;

namespace strata {
struct Template;
}

namespace strata::ui {

class RecentFiles;
class SamplePictures;

/// Where one begins: templates that open ready to train, recent files, and an empty canvas.
class StartPage : public QWidget {
    Q_OBJECT
public:
    explicit StartPage(RecentFiles& recent, QWidget* parent = nullptr);
    static bool wantedAtStart();

Q_SIGNALS:
    void newRequested();
    void openRequested();
    void fileChosen(const QString& path);
    void templateChosen(const QString& id);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* buildSide();
    QLayout* buildButtons();
    QWidget* buildTemplates();
    void addTile(const Template* shown);
    void refreshRecent();
    void placeTiles(int columns);
    void fitWidth();

    RecentFiles& m_recent;
    SamplePictures* m_samples;
    QWidget* m_side;
    QVBoxLayout* m_recentRows;
    QGridLayout* m_grid;
    QList<QWidget*> m_tiles;
    int m_columns = 0;
};

} // namespace strata::ui
