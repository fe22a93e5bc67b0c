// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/shape.h"

namespace strata {

/// Labelled samples that never change once made; a trainer, a window and a loader may share one. Everything
/// here is const and may be called by any number of threads at once.
class Dataset {
public:
    virtual ~Dataset() = default;

    virtual std::int64_t size() const = 0;
    /// (H, W, C), the same for every sample.
    virtual Shape sampleShape() const = 0;
    /// One name a class; label() is an index into it.
    virtual std::vector<std::string> classNames() const = 0;
    /// requires: 0 <= index < size(). ensures: 0 <= result < classNames().size()
    virtual int label(std::int64_t index) const = 0;
    /// Writes the raw values 0..255 (not scaled) of one sample.
    /// requires: 0 <= index < size(), out.size() == sampleShape().count(). Overwrites out.  // (H, W, C)
    virtual void read(std::int64_t index, std::span<float> out) const = 0;

    /// Short, e.g. "MNIST"; the description is a sentence on what it is and where it comes from.
    virtual std::string name() const = 0;
    virtual std::string description() const = 0;

    /// True when read() is a copy from memory, so that nobody needs to read ahead.
    virtual bool isInMemory() const { return false; }
};

/// Samples of unsigned bytes held in memory: what every file format of ours is loaded into.
class MemoryDataset final : public Dataset {
public:
    struct Content {
        std::string name;
        std::string description;
        Shape sampleShape;                   // (H, W, C)
        std::vector<std::uint8_t> pixels;    // (N, H, W, C)
        std::vector<std::int32_t> labels;    // (N)
        std::vector<std::string> classNames; // (classes)
    };

    /// requires: pixels.size() == labels.size() * sampleShape.count(), every label names a class
    explicit MemoryDataset(Content content);

    std::int64_t size() const override { return static_cast<std::int64_t>(m_content.labels.size()); }
    Shape sampleShape() const override { return m_content.sampleShape; }
    std::vector<std::string> classNames() const override { return m_content.classNames; }
    int label(std::int64_t index) const override;
    void read(std::int64_t index, std::span<float> out) const override;
    std::string name() const override { return m_content.name; }
    std::string description() const override { return m_content.description; }
    bool isInMemory() const override { return true; }

    /// The stored bytes of one sample.  // (H, W, C)
    std::span<const std::uint8_t> pixels(std::int64_t index) const;
    const Content& content() const { return m_content; }

private:
    Content m_content;
    std::size_t m_sampleSize = 0;
};

/// What a path or a name led to. `train` is always there; `test` is null when the source has a single part.
struct DataSource {
    std::string name;
    std::string description;
    std::shared_ptr<const Dataset> train;
    std::shared_ptr<const Dataset> test;
    /// As the user gave it, so that it can be opened again.
    std::string pathOrName;
    /// Where it lies, absolute; empty: within the program.
    std::string path;
    /// Of every byte, label and class name in both parts: tells whether a saved model saw the same data.
    std::uint64_t fingerprint = 0;
};

/// How often each class occurs.  // (classes)
std::vector<std::int64_t> labelCounts(const Dataset& dataset);

/// A hash of shape, labels, class names and values (not of names and descriptions); 0 for null.
std::uint64_t fingerprint(const Dataset* dataset);
/// Of both parts together, as DataSource::fingerprint.
std::uint64_t fingerprint(const Dataset* train, const Dataset* test);

} // namespace strata
