#!/bin/sh
# Rebuilds web/static/vendor from package-lock.json. Needs node, npm and the Python environment (brotli).
set -eu
cd "$(dirname "$0")"
out=../static/vendor
python=${PYTHON:-python}

npm ci --silent
npx esbuild plotly.js --bundle --minify --format=iife --global-name=Plotly \
    --define:global=window --loader:.css=text --legal-comments=none --log-level=error --outfile="$out/plotly.js"
cp node_modules/htmx.org/dist/htmx.min.js "$out/htmx.js"
cp node_modules/idiomorph/dist/idiomorph-ext.min.js "$out/idiomorph.js"
for package in plotly.js htmx.org idiomorph; do
    printf '%s\n\n' "== $package $(node -p "require('./node_modules/$package/package.json').version")"
    cat "node_modules/$package/LICENSE"
    printf '\n'
done > "$out/LICENSES.txt"
"$python" - "$out" <<'PYTHON'
import pathlib, sys
import brotli
for script in sorted(pathlib.Path(sys.argv[1]).glob("*.js")):
    script.with_name(script.name + ".br").write_bytes(brotli.compress(script.read_bytes(), quality=11))
PYTHON
cd ..
sha256sum static/vendor/* vendor/package-lock.json vendor/plotly.js vendor/geo.js > vendor/checksums.txt
