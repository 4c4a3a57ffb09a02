#!/bin/sh
# Builds the vendored file anew from the registry's packages (locked by their hashes) and compares: make vendor-check
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/entry.js" "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npx --no-install esbuild entry.js --bundle --minify --format=iife --global-name=noble --target=es2022 \
    --legal-comments=inline --log-level=warning --outfile=built.js
cmp built.js "$here/noble-curves-2.4.0.js"
echo "noble-curves-2.4.0.js is what the packages give."
