#!/bin/sh
# Makes two data sets in the folder given: shapes, and a sky. `make demo` calls it.
set -eu
out=${1:?usage: demo.sh FOLDER}
here=$(dirname "$0")
mkdir -p "$out"

for name in shapes sky; do
    lightmill generate "$here/$name.yaml" "$out/$name" --overwrite
    echo "contact sheet: $out/$name/preview.png"
    echo
done
