#!/bin/sh
# Brings a bare Debian 12 (python3, make, ca-certificates) to where the program runs: system libraries by apt, then .venv from
# the hashed requirements. Called by make, which keeps the stamps. usage: tools/setup.sh run|dev|print
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
python=${PYTHON:-python3}

# What Qt's plugins link to but don't carry (found with ldd), and the Debian package that has it.
libraries='
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11.so.6 libx11-6
libX11-xcb.so.1 libx11-xcb1
libcups.so.2 libcups2
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libglib-2.0.so.0 libglib2.0-0
libgthread-2.0.so.0 libglib2.0-0
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
libwayland-egl.so.1 libwayland-egl1
libxcb.so.1 libxcb1
libxcb-cursor.so.0 libxcb-cursor0
libxcb-glx.so.0 libxcb-glx0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render.so.0 libxcb-render0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0
libxcb-sync.so.1 libxcb-sync1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
'
# What packaging, the frozen window's test, the test of what reached the disk and the disk that fails call, and the package that has it.
programs='
objdump binutils
strace strace
cc gcc
/usr/include/stdio.h libc6-dev
Xvfb xvfb
'
# The register's tests run on a server of their own as well: its programs lie outside the path, in a folder for each version.
server='/usr/lib/postgresql/*/bin/initdb'
# The exhaustive runs print every sheet through LibreOffice, type Chinese through each input method with real keys, and
# listen to the desk as a screen reader does.
exhaustive='
/usr/bin/soffice libreoffice-calc
/usr/bin/fcitx5 fcitx5
/usr/share/fcitx5/inputmethod/pinyin.conf fcitx5-pinyin
/usr/bin/ibus-daemon ibus
/usr/share/ibus/component/libpinyin.xml ibus-libpinyin
/usr/bin/dbus-daemon dbus-daemon
/usr/bin/xdotool xdotool
/usr/lib/python3/dist-packages/pyatspi python3-pyatspi
/usr/libexec/at-spi-bus-launcher at-spi2-core
'

has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }

missing() {
  has "$python" && "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  known=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null || true)
  echo "$libraries" | while read -r library package; do
    case "$known" in *"$library "*) ;; *) echo "$package" ;; esac
  done
  [ "$want" != run ] || return 0
  [ "$want" != print ] || echo "$exhaustive" | while read -r file package; do
    [ -z "$file" ] || [ -e "$file" ] || has "${file##*/}" || echo "$package"
  done
  # PyInstaller carries Python as a library; Debian's python3 doesn't install it.
  soname=$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("INSTSONAME"))' 2>/dev/null || echo libpython3.11.so.1.0)
  folder=$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))' 2>/dev/null || echo /usr/lib)
  case "$known" in *"$soname "*) ;; *) [ -e "$folder/$soname" ] || echo "${soname%.so*}" ;; esac
  echo "$programs" | while read -r program package; do
    [ -z "$program" ] || [ -e "$program" ] || has "$program" || echo "$package"
  done
  ls $server >/dev/null 2>&1 || has initdb || echo postgresql
}

needed=$(missing | grep . | sort -u | tr '\n' ' ' || true)
if [ -n "$needed" ]; then
  install="apt-get install -y --no-install-recommends $needed"
  as=
  if [ "$(id -u)" != 0 ]; then
    if has sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as=sudo; else as=none; fi
  fi
  if [ "$as" = none ] || ! has apt-get; then
    echo "System packages are missing; please run as root: $install" >&2
    echo "缺少系统软件包，请以管理员身份执行：$install" >&2
    exit 1
  fi
  echo "installing: $needed"
  log=$(mktemp)
  if ! { $as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive $install -qq; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "apt-get could not install the packages above; is the network there? (无法安装上述软件包，请检查网络)" >&2
    exit 1
  fi
  rm -f "$log"
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or later is needed (需要 Python 3.11 或更高版本): $("$python" --version)" >&2
  exit 1
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
case $want in run) list=requirements.txt ;; *) list=requirements-dev.txt ;; esac
echo "installing: $list"
# The list is whole, so nothing is resolved: else a release that came out today can stand in the way of the one that is pinned.
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r "$list"
# The command itself (.venv/bin/pinggu-desk), on this checkout as it stands; built with what is pinned, asking nobody.
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements-build.txt
.venv/bin/python -m pip install -q --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
