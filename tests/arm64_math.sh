#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The maths on another processor: builds engine/math and its tests for arm64, with Debian's OpenBLAS, and runs them
# under qemu-user. Needs g++-aarch64-linux-gnu, qemu-user-static and apt; installs nothing: the arm64 libraries are
# unpacked into FOLDER.
#   tests/arm64_math.sh [FOLDER]
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
folder=$(realpath -m "${1:-/tmp/strata-arm64}")
root=$folder/root
mkdir -p "$folder"/{state/lists,cache/archives}/partial "$root" "$folder/objects"
touch "$folder/status"

if [ ! -e "$folder/unpacked" ]; then
    apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o Dir::State="$folder/state" -o Dir::Cache="$folder/cache"
         -o Dir::State::status="$folder/status" -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)")
    "${apt[@]}" update
    "${apt[@]}" install -y --download-only --no-install-recommends libopenblas-pthread-dev qt6-base-dev libfmt-dev
    for package in "$folder"/cache/archives/*.deb; do dpkg -x "$package" "$root"; done
    touch "$folder/unpacked"
fi

lib=$root/usr/lib/aarch64-linux-gnu
compile=(nice aarch64-linux-gnu-g++ -std=c++20 -O2 -fPIC -I"$source" -I"$lib/openblas-pthread" -I"$root/usr/include/aarch64-linux-gnu/openblas-pthread"
         -isystem "$root/usr/include" -isystem "$root/usr/include/aarch64-linux-gnu/qt6"
         -isystem "$root/usr/include/aarch64-linux-gnu/qt6/QtCore" -isystem "$root/usr/include/aarch64-linux-gnu/qt6/QtTest"
         -DSTRATA_SOURCE_DIR="\"$source\"")
# By their paths: with -L the linker would take the C library's scripts, whose paths begin at the host's root.
link=("$lib/libQt6Test.so.6" "$lib/libQt6Core.so.6" "$lib/libfmt.so.9" "$lib/openblas-pthread/libopenblas.so.0" -lpthread
      -Wl,-rpath-link,"$lib" -Wl,-rpath-link,"$root/lib/aarch64-linux-gnu" -Wl,--allow-shlib-undefined)
objects=()
build() { # object source flags...
    objects+=("$1")
    "${compile[@]}" "${@:3}" -c "$2" -o "$1"
}
cd "$source"
for file in engine/core/*.cpp engine/math/*.cpp; do build "$folder/objects/$(echo "$file" | tr / _).o" "$file" -ffp-contract=off; done
for file in engine/math/kernels/*.cpp; do
    build "$folder/objects/$(echo "$file" | tr / _).o" "$file" -ffp-contract=fast -O3 -Wno-psabi \
          -DSTRATA_ISA=plain -DSTRATA_KERNEL_TABLE=kPlainKernels -DSTRATA_LANES=4
done
moc=$(command -v moc || ls /usr/lib/qt6/libexec/moc)
for name in conv2d dense pooling activation elementwise allocation; do
    test=math_${name}_test
    "$moc" tests/engine/$test.cpp -o "$folder/objects/$test.moc"
    "${compile[@]}" -I"$folder/objects" tests/engine/$test.cpp "${objects[@]}" "${link[@]}" -o "$folder/$test"
    echo "== $test"
    QEMU_LD_PREFIX=$root LD_LIBRARY_PATH= qemu-aarch64-static -E LD_LIBRARY_PATH="$lib:$lib/openblas-pthread:$root/lib/aarch64-linux-gnu" \
        "$folder/$test" -silent 2>&1 | tail -n 3
done
