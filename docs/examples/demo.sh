#!/bin/sh
# Makes data sets in the folder given: shapes, a sky, galaxies through a PSF, pendulums. `make demo` calls it.
set -eu
out=${1:?usage: demo.sh FOLDER}
here=$(dirname "$0")
mkdir -p "$out"

make_set() {
    lightmill generate "$1" "$out/$2" --overwrite ${3:+--count "$3"}
    echo "contact sheet: $out/$2/preview.png"
    echo
}

make_set "$here/shapes.yaml" shapes
make_set "$here/sky.yaml" sky
make_set measure-galaxies-3 galaxies 4000
make_set deepbench-pendulum pendulums 10000
