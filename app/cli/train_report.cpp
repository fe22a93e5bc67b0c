// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/train_report.h"

#include "engine/core/number_text.h"

#include "app/cli/command.h"
#include "engine/interop/run_document.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::cli {

RunEnded runToItsEnd(TrainingJob job, const std::function<void(const TrainEvent&)>& tell, std::optional<double> learningRate) {
    Trainer trainer(std::move(job));
    if (learningRate) {
        if (const Result<> taken = trainer.setLearningRate(*learningRate); !taken) return {RunOutcome::Failed, taken.error().message, {}, nullptr, nullptr};
    }
    trainer.start();
    for (;;) {
        trainer.waitForEvents();
        for (TrainEvent& event : trainer.drainEvents()) {
            if (interrupted()) trainer.stop();
            if (auto* end = std::get_if<RunEnded>(&event)) return std::move(*end);
            tell(event);
        }
    }
}

void TrainReport::take(const TrainEvent& event) {
    if (const auto* e = std::get_if<RunStarted>(&event)) started(*e);
    if (const auto* e = std::get_if<BatchDone>(&event)) batch(*e);
    if (const auto* e = std::get_if<EpochDone>(&event)) epoch(*e);
    if (const auto* e = std::get_if<RunRemark>(&event)) {
        m_bar.clear();
        remark(e->text);
    }
}

void TrainReport::started(const RunStarted& run) {
    m_run = run;
    m_runStart = std::chrono::steady_clock::now();
    m_imagesBefore = run.samplesBefore;
    if (m_json) return;
    fmt::print("{} training images, {}, {} batches an epoch, {}\n", grouped(run.trainSamples),
               run.validationSamples > 0 ? grouped(run.validationSamples) + " for validation" : std::string("no validation"),
               grouped(run.batchesPerEpoch), byteText(static_cast<std::uint64_t>(run.memoryBytes)));
    std::fflush(stdout);
}

void TrainReport::batch(const BatchDone& done) {
    m_batches.add(batchPoint(done, std::max<std::int64_t>(m_run.batchesPerEpoch, 1)));
    m_imagesDone += done.samples;
    m_epochImages += done.samples;
    m_lossSum += done.loss * static_cast<double>(done.samples);
    m_accuracySum += done.accuracy * static_cast<double>(done.samples);
    if (!m_bar.visible()) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_runStart).count();
    const double rate = static_cast<double>(m_imagesDone) / std::max(seconds, 1e-3);
    const double left = static_cast<double>(m_run.trainSamples * m_run.epochs - m_imagesBefore - m_imagesDone) / rate;
    const auto n = static_cast<double>(m_epochImages);
    m_bar.show(fmt::format("Epoch {}/{}", done.epoch + 1, m_run.firstEpoch + m_run.epochs), done.batch + 1, m_run.batchesPerEpoch,
               fmt::format("loss {:.4f}  accuracy {:.2f} %  {} images/s  {} left", m_lossSum / n, 100 * m_accuracySum / n,
                           grouped(static_cast<std::int64_t>(rate)), timeText(left)));
}

void TrainReport::epoch(const EpochDone& done) {
    m_lossSum = m_accuracySum = 0;
    m_epochImages = 0;
    m_bar.clear();
    const HistoryPoint point = historyPoint(done);
    m_history.push_back(point);
    if (m_json) {
        nlohmann::ordered_json line{{"epoch", point.epoch}, {"loss", done.loss}, {"accuracy", done.accuracy}};
        if (done.validationLoss) {
            line["val_loss"] = *done.validationLoss;
            line["val_accuracy"] = *done.validationAccuracy;
        }
        for (const auto& [name, value] : done.metrics) line[name] = value;
        line["learning_rate"] = done.learningRate;
        line["seconds"] = done.seconds;
        line["images_per_s"] = done.imagesPerSecond;
        fmt::print("{}\n", line.dump());
    } else {
        std::string text = fmt::format("Epoch {}/{}  loss {:.4f}  accuracy {:.2f} %", point.epoch, m_run.firstEpoch + m_run.epochs,
                                       done.loss, 100 * done.accuracy);
        if (done.validationLoss) {
            text += fmt::format("  val_loss {:.4f}  val_accuracy {:.2f} %", *done.validationLoss, 100 * *done.validationAccuracy);
        }
        for (const auto& [name, value] : done.metrics) text += fmt::format("  {} {:.4f}", name, value);
        fmt::print("{}  {:.1f} s  {} images/s{}\n", text, done.seconds,
                   grouped(static_cast<std::int64_t>(done.imagesPerSecond)), done.best && done.validationLoss ? "  best" : "");
    }
    std::fflush(stdout);
}

void TrainReport::ended(const RunEnded& end) {
    m_bar.clear();
    if (end.outcome == RunOutcome::Finished && !end.message.empty()) remark(end.message);
    if (m_json) return;
    if (end.outcome == RunOutcome::Stopped) remark("stopped; what was learned up to now is kept");
    if (end.bestEpoch) fmt::print("Kept the weights of epoch {}, the best on the validation images.\n", *end.bestEpoch + 1);
}

void TrainReport::tested(const Evaluation& test) const {
    if (m_json) return;
    fmt::print("Test accuracy {:.2f} % on {} images (loss {:.4f}", 100 * test.accuracy, grouped(test.samples), test.loss);
    for (const auto& [name, value] : test.metrics) fmt::print(", {} {:.4f}", name, value);
    fmt::print(")\n");
}

} // namespace strata::cli
