// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/templates.h"
#include "patience.h"
#include "ui/training/training_session.h"

#include <QSignalSpy>
#include <QTest>

namespace strata::ui::test {

constexpr int kEndless = 100'000; ///< epochs: however fast the machine is, this run goes on until it is stopped

/// The LeNet template on the built-in digits, with few images to train on: 80 % of them validate.
inline DocumentState digitsState(int epochs) {
    const Template* lenet = findTemplate("lenet");
    DocumentState state;
    state.graph = lenet->make();
    state.data.source = "digits";
    state.training.optimizer = {"Adam", {{"learning_rate", 0.002}}};
    state.training.epochs = epochs;
    state.training.validationSplit = 0.8;
    return state;
}

/// A document with the template and a session that is ready to train.
struct Rig {
    GraphDocument document;
    TrainingSession session{document};

    explicit Rig(int epochs = 1) { document.reset(digitsState(epochs)); }
    bool ready() {
        return QTest::qWaitFor([this] { return session.whyNot().isEmpty(); }, kPatience);
    }
    bool idle() {
        return QTest::qWaitFor([this] { return !session.isBusy(); }, kPatience);
    }
};

} // namespace strata::ui::test
