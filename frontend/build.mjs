// Builds src/keybook/web/static/keybook: one stylesheet, one script, fonts, icons, each named by its content, with .br and .gz beside it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import { icon } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, "..", "src", "keybook", "web");
const out = join(web, "static", "keybook");
const aside = `${out}.new`;
const target = ["chrome123", "firefox120", "safari17.5"];
const names = {};

rmSync(aside, { recursive: true, force: true });
mkdirSync(aside, { recursive: true });

function put(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const end = extname(name);
  const file = `${basename(name, end)}.${hash}${end}`;
  writeFileSync(join(aside, file), bytes);
  names[name] = file;
  if (end !== ".woff2" && end !== ".png") {
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    writeFileSync(join(aside, `${file}.br`), brotliCompressSync(bytes, quality));
    writeFileSync(join(aside, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
  return file;
}

// bars take their height or width from a class, because the content policy allows no style attributes
function values() {
  const rule = (letter, most) => Array.from({ length: most + 1 }, (_, n) => `.${letter}${n}{--${letter}:${n}}`).join("");
  return rule("v", 100) + rule("t", 12) + rule("a", 12);
}

async function css() {
  const tabler = readFileSync(join(here, "node_modules/@tabler/core/dist/css/tabler.min.css"), "utf8");
  const [purged] = await new PurgeCSS().purge({
    content: [join(web, "templates/**/*.html"), join(web, "django_templates/**/*.html"), join(here, "keybook.js")],
    css: [{ raw: tabler }],
    variables: true,
    keyframes: true,
    fontFace: true,
    safelist: { standard: [/^data-bs-theme$/, "form-select", "form-control", "form-check-input", "btn"] },
  });
  const fonts = {};
  const rooms = ["product", "pocket", "standards", "ledger", "gate", "proposals", "plans", "handover", "campaigns", "events", "team"];
  let product = rooms.map((room) => readFileSync(join(here, `${room}.css`), "utf8")).join("");
  for (const [, path] of product.matchAll(/url\("(\.\/[^"]+\.woff2)"\)/g)) {
    fonts[path] ??= put(basename(path), readFileSync(join(here, path)));
    product = product.replace(path, fonts[path]);
  }
  const whole = purged.css + readFileSync(join(here, "keybook.css"), "utf8") + product + values();
  const small = await esbuild.transform(whole, { loader: "css", minify: true, target, legalComments: "none" });
  put("keybook.css", Buffer.from(small.code));
}

async function script(name) {
  const built = await esbuild.build({
    entryPoints: [join(here, name)], bundle: true, minify: true, write: false, format: "iife", target, legalComments: "none",
  });
  put(name, Buffer.from(built.outputFiles[0].contents));
}

await css();
await script("keybook.js");
await script("sw.js");
const drawing = readFileSync(join(here, "favicon.svg"), "utf8");
put("icon-192.png", icon(drawing, 192));
put("icon-512.png", icon(drawing, 512));
put("icon-maskable-512.png", icon(drawing, 512, { masked: true }));
for (const name of ["sprite.svg", "favicon.svg"]) put(name, readFileSync(join(here, name)));
writeFileSync(join(aside, "manifest.json"), JSON.stringify(names, null, 1));
rmSync(out, { recursive: true, force: true });
renameSync(aside, out);
for (const file of readdirSync(out).filter((name) => name.endsWith(".br") || name.endsWith(".woff2"))) {
  console.log(`${String(readFileSync(join(out, file)).length).padStart(7)} ${file}`);
}
