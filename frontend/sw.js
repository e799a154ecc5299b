// The service worker: keeps the files every page shares and the page that knows nobody; answers with it when there is
// no line. Nothing of a signed-in page is ever put into a cache: the only writing is `install`, of the list it is told.
import { owner } from "./pocket-store.js";
import { send } from "./pocket-send.js";
import { hearPush } from "./push.js";

hearPush(self);

const { version, files, pages } = self.KEYBOOK;
const CACHE = `keybook-${version}`;
const kept = new Set(files);

self.addEventListener("install", (event) => {
  const fetched = (path, cache) => new Request(path, { credentials: "omit", cache });
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([...files.map((path) => fetched(path, "default")), ...pages.map((path) => fetched(path, "reload"))]);
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("keybook-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (kept.has(pathname)) {
    event.respondWith(caches.match(pathname).then((found) => found ?? fetch(request)));
  } else if (request.mode === "navigate") {
    event.respondWith(pathname === "/pocket/" ? shell().then((found) => found ?? fetch(request)) : fetch(request).catch(() => shell()));
  }
});
// in the language and theme of who was signed in last
async function shell() {
  const look = (await owner().catch(() => undefined)) ?? {};
  const cache = await caches.open(CACHE);
  const page = (look.language && await cache.match(`/pocket/?lang=${look.language}`)) ?? await cache.match(pages[0]);
  if (!page || !/^(light|dark)$/.test(look.theme ?? "")) return page;
  const html = (await page.text()).replace('data-bs-theme="auto"', `data-bs-theme="${look.theme}"`);
  return new Response(html, { headers: page.headers });
}
self.addEventListener("sync", (event) => {
  if (event.tag === "keybook-pocket") event.waitUntil(send());
});
