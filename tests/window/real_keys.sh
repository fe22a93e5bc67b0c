#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The built program in a real window: its own X server and window manager, real keys and a real mouse. Starts with LeNet,
# trains with F5 until feature maps come, stops, deletes a card, takes that back with Ctrl+Z, drags a layer from the palette onto the
# canvas, saves, takes that back as well, quits, and looks at what is left:
# the picture, the record of the run, the saved file, the exit code.
#     real_keys.sh PATH/strata      exit code 77: something that the test needs is not installed
set -u
strata=$(realpath "$1")
for tool in Xvfb openbox xdotool timeout; do
  command -v "$tool" >/dev/null || { echo "skipped: there is no $tool (Debian: xvfb, openbox, xdotool)"; exit 77; }
done

# Whatever happens: nothing hangs, and nothing stays behind.
if [ -z "${STRATA_REAL_KEYS:-}" ]; then
  exec env STRATA_REAL_KEYS=1 timeout --kill-after=3 300 "$0" "$strata"
fi
dir=$(mktemp -d)
children=()
cleanUp() {
  kill "${children[@]}" 2>/dev/null
  sleep 0.2
  kill -KILL "${children[@]}" 2>/dev/null
  rm -rf "$dir"
}
trap cleanUp EXIT
trap 'exit 1' TERM INT
fail() {
  echo "FAILED: $*"
  tail -n 20 "$dir/log" "$dir/openbox" "$dir/xvfb" 2>/dev/null
  exit 1
}
# waitFor WHAT COMMAND...: until it succeeds, however slow or busy the machine is
waitFor() {
  local until=$((SECONDS + 60)) what=$1
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -ge "$until" ] && fail "in vain: $what"
    sleep 0.1
  done
}

# -noreset: else the server begins anew when the first xdotool ends before the others are there, and turns them away.
Xvfb -displayfd 3 -noreset -screen 0 1280x800x24 -fbdir "$dir" -nolisten tcp 3>"$dir/display" 2>"$dir/xvfb" &
children+=($!)
waitFor "an X server" grep -q . "$dir/display"
export DISPLAY=:$(cat "$dir/display")
unset WAYLAND_DISPLAY QT_QPA_PLATFORM
openbox >"$dir/openbox" 2>&1 &
children+=($!)
mkdir -p "$dir/home/drawings"
cd "$dir/home/drawings" || exit 1
env HOME="$dir/home" XDG_CONFIG_HOME="$dir/home/config" XDG_DATA_HOME="$dir/home/data" XDG_RUNTIME_DIR="$dir" QT_SCALE_FACTOR=1 \
  "$strata" lenet >"$dir/log" 2>&1 &
program=$!
children+=($program)

window=
hasWindow() { window=$(xdotool search --onlyvisible --pid "$program" --name 'Strata' | head -n 1) && [ -n "$window" ]; }
titleIs() { xdotool getwindowname "$window" | grep -q -- "$1"; }
titleIsNot() { ! titleIs "$1"; }
press() { xdotool key --clearmodifiers "$@"; }
# Who gets the keys: a window that is seen need not have them yet.
inFront() { xdotool getactivewindow getwindowname | grep -q -- "$1"; }
isInFront() { [ "$(xdotool getactivewindow)" = "$window" ]; }
# How many colours the screen has: the server's memory in XWD's form, whose head is some kilobytes.
colours() { tail -c +4097 "$dir/Xvfb_screen0" | od -An -v -tx4 -w4 | sort -u | wc -l; }

waitFor "the window" hasWindow
waitFor "the window manager at work" timeout 5 xdotool windowactivate --sync "$window"
waitFor "a picture of many colours" eval '[ "$(colours)" -gt 200 ]'

# F5 trains: feature maps come beside the cards; stopped, the run leaves its record. All of it once more where nothing has come
# of it: the images may not have been read when F5 was pressed, and the window not painted when its colours were counted.
before=$(colours)
hasMaps() { [ "$(colours)" -gt $((before + 100)) ]; }
hasRecord() { find "$dir/home/data" -name run.json | grep -q .; }
# soon COMMAND: within some seconds
soon() { for look in 1 2 3 4 5 6 7 8 9 10; do "$@" && return; sleep 0.5; done; return 1; }
leavesRecord() {
  hasRecord && return
  press F5
  soon hasMaps && press shift+F5 && soon hasRecord
}
waitFor "feature maps of the network that learns, and the record of the run" leavesRecord

# A card is clicked, deleted, and comes back.
xdotool mousemove --window "$window" 420 180 click 1
press ctrl+s
waitFor "the question for a name" inFront Save
xdotool type --delay 20 "$dir/home/drawings/drawn.keras"
press Return
waitFor "the saved file" test -s "$dir/home/drawings/drawn.keras"
waitFor "a title without a mark" titleIsNot '\*'
waitFor "the window in front again" isInFront
press Delete
waitFor "the mark of a change" titleIs '\*'
press ctrl+z
waitFor "the change taken back" titleIsNot '\*'

# A layer is searched in the palette and dragged onto the canvas: the saved file has it. Then it goes again.
hasDragged() { grep -aq GaussianNoise "$dir/home/drawings/drawn.keras"; }
hasDragged && fail "the file has the layer already"
xdotool mousemove --window "$window" 98 95 click 1
xdotool type --delay 20 gaussiannoise
xdotool mousemove --window "$window" 80 148 mousedown 1 # the first row below its category
for step in 1 2 3 4 5 6 7 8; do xdotool mousemove --window "$window" $((80 + 75 * step)) $((148 + 30 * step)); done
xdotool mouseup 1
waitFor "the mark of the layer that was dragged" titleIs '\*'
press ctrl+s
waitFor "the layer in the saved file" hasDragged
press ctrl+z
waitFor "the mark of a layer less" titleIs '\*'
press ctrl+s
waitFor "the file without the layer" eval '! hasDragged'
press ctrl+q
waitFor "the end" eval "! kill -0 $program"
wait "$program"
code=$?
[ "$code" -eq 0 ] || fail "exit code $code"
"$strata" summary drawn.keras 2>&1 | grep -q 24,202 || fail "the saved file is not LeNet"
echo "passed: window, training, saving, Delete, Ctrl+Z, a drag from the palette, Ctrl+Q in $SECONDS s"
