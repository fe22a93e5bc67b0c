// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/trainer.h"

#include "engine/core/channels.h"
#include "engine/core/said.h"
#include "engine/training/parameter_update.h"
#include "engine/training/training_run.h"

#include <atomic>
#include <cassert>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace strata {

struct Trainer::Impl final : RunObserver {
    explicit Impl(TrainingJob given)
        : job(std::move(given)) {}

    void work() {
        RunEnded end;
        try {
            end = runTraining(job, *this);
        } catch (const std::bad_alloc&) {
            end = {RunOutcome::Failed,
                   said("The run needs more memory than the system gives; make the batch shorter."),
                   {},
                   nullptr,
                   nullptr};
        } catch (const std::exception& e) {
            end = {RunOutcome::Failed,
                   said("The run ended by an internal fault: {}.", e.what()),
                   {},
                   nullptr,
                   nullptr};
        }
        running = false;
        events.push(std::move(end));
    }

    // RunObserver, called by the trainer's thread
    void event(TrainEvent e) override {
        if (byStep && std::holds_alternative<BatchDone>(e)) countStep();
        events.push(std::move(e));
    }
    /// A step is a batch that is trained, not a question: the end of an epoch and its validation ask, too.
    void countStep() {
        const std::lock_guard lock(gateMutex);
        if (steps > 0) --steps;
    }
    bool mayGoOn() override {
        if (stopWanted.load(std::memory_order_relaxed)) return false;
        byStep = false; // a batch that was under way when the pause began is no step
        if (!pauseWanted.load(std::memory_order_relaxed)) return true;
        std::unique_lock lock(gateMutex);
        gate.wait(lock, [&] { return stopWanted || !pauseWanted || steps > 0; });
        byStep = steps > 0;
        return !stopWanted;
    }
    std::optional<double> newLearningRate(std::int64_t, std::int64_t) override { return rate.take(); }
    bool weightsWanted() override { return wantWeights.exchange(false); }
    void weights(LiveWeights w) override { latest.put(std::move(w)); }

    template <class F>
    void change(F f) {
        {
            const std::lock_guard lock(gateMutex);
            f();
        }
        gate.notify_all();
    }

    TrainingJob job;
    EventQueue<TrainEvent> events;
    Mailbox<LiveWeights> latest;
    Mailbox<std::optional<double>> rate;
    std::atomic<bool> running{false}, stopWanted{false}, pauseWanted{false}, wantWeights{false};
    int steps = 0; ///< guarded by gateMutex
    bool byStep = false; ///< the trainer's thread's own: it goes on by a step that was asked for
    std::mutex gateMutex;
    std::condition_variable gate;
    std::thread thread;
};

Trainer::Trainer(TrainingJob job)
    : m_impl(std::make_unique<Impl>(std::move(job))) {}

Trainer::~Trainer() {
    stop();
    if (m_impl->thread.joinable()) m_impl->thread.join();
}

void Trainer::start() {
    assert(!m_impl->thread.joinable());
    m_impl->running = true;
    m_impl->thread = std::thread([this] { m_impl->work(); });
}

void Trainer::pause() {
    m_impl->change([&] { m_impl->pauseWanted = true; });
}
void Trainer::resume() {
    m_impl->change([&] {
        m_impl->pauseWanted = false;
        m_impl->steps = 0; // those asked for and not done yet are no debt of the next pause
    });
}
void Trainer::step() {
    m_impl->change([&] {
        if (m_impl->pauseWanted) ++m_impl->steps;
    });
}
void Trainer::stop() {
    m_impl->change([&] { m_impl->stopWanted = true; });
}
Result<> Trainer::setLearningRate(double rate) {
    const TrainingSettings& settings = m_impl->job.settings;
    if (settings.schedule) {
        return failure("training.rate", said("The schedule {} sets the learning rate of this run; to set it by hand, train "
                                             "without a schedule.",
                                             settings.schedule->id));
    }
    if (!std::isfinite(rate)) return failure("training.rate", said("learning_rate {}: it must be a number, such as 0.001.", rate));
    TypedParams optimizer = settings.optimizer;
    optimizer.params["learning_rate"] = rate;
    if (const Result<TypedParams> fits = checkOptimizer(optimizer); !fits) return fits.error();
    m_impl->rate.put(rate);
    return {};
}
bool Trainer::running() const {
    return m_impl->running;
}
bool Trainer::paused() const {
    return m_impl->pauseWanted;
}
std::vector<TrainEvent> Trainer::drainEvents() {
    return m_impl->events.drain();
}
void Trainer::waitForEvents() {
    m_impl->events.wait();
}
void Trainer::requestWeights() {
    m_impl->wantWeights = true;
}
LiveWeights Trainer::takeWeights() {
    return m_impl->latest.take();
}

} // namespace strata
