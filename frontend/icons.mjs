// Draws our own icon as PNG at build time: the few shapes favicon.svg is made of (a rounded square, lines, a ring) as
// distances to their middle lines, which gives smooth edges without a library.
import { deflateSync } from "node:zlib";

const number = (text, name, otherwise) => Number(new RegExp(`\\b${name}="([^"]+)"`).exec(text)?.[1] ?? otherwise);
const colour = (text) => { const hex = text.length === 4 ? text.replace(/[0-9a-f]/gi, "$&$&") : text; return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)); };
const toSegment = (x, y, [ax, ay, bx, by]) => {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
};

function lines(path) {
  const found = [];
  let [x, y] = [0, 0];
  for (const [, verb, rest] of path.matchAll(/([Mvh])([^Mvh]*)/g)) {
    const [first, second] = rest.trim().split(/[\s,]+/).map(Number);
    const before = [x, y];
    if (verb === "M") [x, y] = [first, second];
    else if (verb === "v") y += first;
    else x += first;
    if (verb !== "M") found.push([...before, x, y]);
  }
  return found;
}
// each shape: colour, opacity, and how far outside it a point lies (negative: inside)
function shapes(svg) {
  const ground = /<rect[^>]*>/.exec(svg)[0];
  const group = /<g[^>]*>/.exec(svg)[0];
  const [size, radius] = [number(ground, "width"), number(ground, "rx")];
  const square = (x, y) => {
    const [dx, dy] = [Math.abs(x - size / 2) - size / 2 + radius, Math.abs(y - size / 2) - size / 2 + radius];
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
  const strokes = [...svg.matchAll(/<path[^>]*>|<circle[^>]*>/g)].map(([tag]) => {
    const own = tag.includes("stroke=") ? tag : group;
    const half = number(own, "stroke-width") / 2;
    const ring = [number(tag, "cx", 0), number(tag, "cy", 0), number(tag, "r", 0)];
    const parts = tag.startsWith("<path") ? lines(/\bd="([^"]+)"/.exec(tag)[1]) : [];
    const away = (x, y) => tag.startsWith("<circle") ? Math.abs(Math.hypot(x - ring[0], y - ring[1]) - ring[2]) : Math.min(...parts.map((part) => toSegment(x, y, part)));
    return { paint: colour(/stroke="([^"]+)"/.exec(own)[1]), opacity: number(own, "stroke-opacity", 1), outside: (x, y) => away(x, y) - half };
  });
  return [{ paint: colour(/fill="([^"]+)"/.exec(ground)[1]), opacity: 1, outside: square }, ...strokes];
}

// masked: the ground fills the whole square and the drawing keeps inside the middle four fifths
export function icon(svg, pixels, { masked = false } = {}) {
  const [ground, ...strokes] = shapes(svg);
  const all = masked ? [{ ...ground, outside: () => -1 }, ...strokes] : [ground, ...strokes];
  const [scale, shift] = masked ? [24 / pixels / 0.8, -3] : [24 / pixels, 0];
  const rows = Buffer.alloc(pixels * (pixels * 4 + 1));
  for (let row = 0; row < pixels; row += 1) {
    for (let column = 0; column < pixels; column += 1) {
      const [x, y] = [(column + 0.5) * scale + shift, (row + 0.5) * scale + shift];
      let [red, green, blue, seen] = [0, 0, 0, 0];
      for (const { paint, opacity, outside } of all) {
        const cover = Math.max(0, Math.min(1, 0.5 - outside(x, y) / scale)) * opacity;
        const total = cover + seen * (1 - cover);
        const mix = (own, under) => (total ? (own * cover + under * seen * (1 - cover)) / total : 0);
        [red, green, blue, seen] = [mix(paint[0], red), mix(paint[1], green), mix(paint[2], blue), total];
      }
      rows.set([red, green, blue, seen * 255].map(Math.round), row * (pixels * 4 + 1) + 1 + column * 4);
    }
  }
  return png(pixels, rows);
}
const table = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
const check = (bytes) => (bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(check(body), body.length + 4);
  return whole;
}
function png(pixels, rows) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(pixels, 0);
  head.writeUInt32BE(pixels, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([mark, chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
