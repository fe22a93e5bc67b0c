// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QString>
#include <string>

namespace strata::test {

/// A folder of the reference data (MNIST, ...), or empty when this machine does not have it.
inline std::string referenceData(const QString& name) {
    for (const QString& root :
         {qEnvironmentVariable("STRATA_DATA"), QStringLiteral(STRATA_SOURCE_DIR "/../shared/data"),
          QStringLiteral(STRATA_SOURCE_DIR "/../../shared/data")}) {
        if (!root.isEmpty() && QFile::exists(root + "/" + name)) return (root + "/" + name).toStdString();
    }
    return {};
}

inline void writeFile(const QString& path, const QByteArray& bytes) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    if (!written) qFatal("cannot write %s", qPrintable(path));
}

inline QByteArray bigEndian32(std::uint32_t value) {
    QByteArray bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
}

/// An IDX file of unsigned bytes: header for `dims`, then `values`.
inline QByteArray idxFile(std::initializer_list<std::uint32_t> dims, const QByteArray& values) {
    QByteArray bytes("\0\0\x08", 3);
    bytes += static_cast<char>(dims.size());
    for (const std::uint32_t dim : dims)
        bytes += bigEndian32(dim);
    return bytes + values;
}

/// One sentence for a person: begins with a capital or a quoted place, ends with a full stop, no line break.
inline bool isOneSentence(const std::string& message) {
    return message.size() > 20 && message.back() == '.' && message.find('\n') == std::string::npos;
}

} // namespace strata::test
