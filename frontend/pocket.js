// The pocket on every page: what is written without a line is kept, shown as waiting, and sent when there is one.
import * as store from "./pocket-store.js";
import { answers, heard, send, tell } from "./pocket-send.js";
import { note as record, photo } from "./pocket-files.js";

const one = (what, within = document) => within.querySelector(what);
const MINUTE = 60000;
const banner = () => one("#pocket");
const me = () => Number(document.body.dataset.pocket ?? -1); // -1 nobody known here, 0 somebody who does not write
const fresh = () => crypto.randomUUID();
let state = "idle";
let wakened;

export const words = (name, values = {}) => (banner()?.dataset[name] ?? one("[data-shell]")?.dataset[name] ?? "").replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
const count = (name, number) => words(number === 1 ? `${name}1` : name, { count: number });
export async function writer() {
  return me() > 0 ? me() : me() < 0 ? (await store.owner())?.staff ?? 0 : 0;
}

// the banner: one sentence at a time, the one that asks for something first
export async function show() {
  const bar = banner();
  if (!bar) return;
  const staff = await writer();
  const rows = await store.rows();
  const mine = rows.filter((row) => row.staff === staff);
  const asks = mine.filter((row) => row.asked).length;
  const others = rows.length - mine.length;
  const gone = await store.gone(staff);
  const offline = state === "offline" || !navigator.onLine;
  const said = [
    [gone, () => count("gone", gone), "noted"],
    [asks, () => count("asks", asks), "decide"],
    [state === "expired" && mine.length, () => count("expired", mine.length), "sign"],
    [offline && mine.length, () => count("waits", mine.length), "look"],
    [offline, () => words("noLine"), ""],
    [mine.length, () => count("sending", mine.length), "look"],
    [others && me() > 0, () => count("others", others), ""],
  ].find(([holds]) => holds);
  bar.hidden = !said;
  if (!said) return;
  one("[data-said]", bar).textContent = said[1]();
  one("[data-deed=noted]", bar).hidden = said[2] !== "noted";
  for (const name of ["decide", "sign", "look"]) one(`[data-deed=${name}]`, bar).hidden = said[2] !== name || (name !== "sign" && Boolean(one("[data-shell]")));
  one("[data-line-icon]", bar).toggleAttribute("hidden", !offline);
}

export async function flush(how = {}) {
  const done = await send(how).catch(() => ({ state: "offline" }));
  state = done.state;
  await changed();
  return done;
}
export async function changed() {
  await show();
  document.dispatchEvent(new CustomEvent("pocket:changed"));
  clearTimeout(wakened);
  const rows = await store.rows();
  if (rows.some((row) => !row.asked)) wakened = setTimeout(flush, MINUTE);
}
export async function keep(note) {
  const staff = await writer();
  if (!staff) throw new Error("nobody is known to write here");
  await store.keep(staff, { key: fresh(), at: new Date().toISOString(), ...note });
  tell();
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("keybook-pocket")).catch(() => {});
  changed();
}

// the moment this page showed a customer: what is written later says what its writer had seen
const seenOf = (id) => sessionStorage.getItem(`seen-${id}`);
function look(within) {
  for (const part of within.querySelectorAll?.("[data-seen]") ?? []) sessionStorage.setItem(`seen-${part.dataset.customer}`, part.dataset.seen);
}
export function customerHere() {
  const found = /^#c=(\d+)$/.exec(location.hash) ?? /^\/(?:customers|today)\/(\d+)\//.exec(location.pathname);
  const seen = found && seenOf(found[1]);
  return seen ? { customer: Number(found[1]), seen } : undefined;
}

// a contact's form that found no line is kept under its own key: if it did arrive, it is the same contact
const whole = (form) => ({
  kind: /\/correct\//.test(form.action) ? "correct" : "contact",
  about: Number(/contacts\/(\d+)\/correct/.exec(form.action)?.[1]) || null,
  customer: Number(/customers\/(\d+)\//.exec(form.action)?.[1]),
});
const keepable = (form) => Boolean(new FormData(form).get("outcome"));
const attachedTo = (given) => Promise.all(given.getAll("attached").filter((file) => file instanceof File && file.size).map(async (file) =>
  file.type.startsWith("image/") ? photo(file) : { key: fresh(), type: file.type, bytes: await file.arrayBuffer() }));
async function keepForm(form) {
  const given = new FormData(form);
  const value = (name) => String(given.get(name) ?? "");
  const { kind, about, customer } = whole(form);
  const named = given.get("confidential") ? given.getAll("named").map(Number) : null;
  const contact = { channel: value("channel"), outcome: value("outcome"), effect: value("effect") || "unchanged", topic: value("topic"), content: value("content"), next_step: value("next_step"), next_on: value("next_on") || null, next_time: value("next_time") || null, named };
  await keep({
    key: value("client_key"), kind, about, customer, contact, seen: seenOf(customer), on: value("on") || null, label: "",
    closes: given.get("asked") ? given.getAll("closes").map(Number) : null, files: await attachedTo(given),
  });
  const kept = document.createElement("p");
  kept.className = "kb-banner";
  kept.role = "status";
  kept.tabIndex = -1;
  kept.textContent = words("kept");
  form.replaceWith(kept);
  kept.focus();
}
document.addEventListener("htmx:sendError", (event) => {
  const form = event.target.closest?.("form.log-form");
  state = "offline";
  if (form && me() > 0 && keepable(form)) {
    event.stopImmediatePropagation();
    keepForm(form).then(show);
    return;
  }
  const asked = event.target.closest?.("[data-line] [hx-get*='/log/']");
  if (asked && me() > 0) location.assign(`/pocket/#c=${event.target.closest("[data-line]").dataset.line}`);
  show();
}, true);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches?.("form.log-form") && !navigator.onLine && me() > 0 && !form.hasAttribute("hx-post") && keepable(form)) {
    event.preventDefault();
    keepForm(form).then(show);
  }
  if (form.getAttribute?.("action") === "/accounts/logout/" && !form.dataset.wiped) leaving(event, form);
}, true);

// sign-out wipes what waits: said before, when there is something
async function leaving(event, form) {
  event.preventDefault();
  event.stopPropagation();
  const out = async () => {
    await store.wipe(me());
    sessionStorage.clear();
    form.dataset.wiped = "";
    form.submit();
  };
  const mine = async () => (await store.rows()).filter((row) => row.staff === me());
  if (!(await mine()).length) return out();
  await flush();
  const left = await mine();
  if (!left.length) return out();
  const dialog = one("#pocket-leave");
  one("[data-said]", dialog).textContent = count("leave", left.length);
  one("[data-deed=wipe]", dialog).onclick = out;
  dialog.showModal();
}

async function begin() {
  if (!banner() || !globalThis.indexedDB || !crypto.subtle) return;
  look(document);
  if (me() >= 0) {
    const theme = document.documentElement.dataset.bsTheme;
    await store.own(me(), { language: document.documentElement.lang === "zh-Hans" ? "zh-hans" : "en", theme });
    navigator.serviceWorker?.register("/sw.js", { scope: "/", updateViaCache: "none" }).catch(() => {});
  }
  one("[data-deed=noted]").onclick = async () => { await store.noted(await writer()); show(); };
  await store.purge();
  await flush({ again: Boolean(one("[data-shell]")) });
}
addEventListener("online", () => flush());
addEventListener("offline", () => show());
heard(() => changed());
document.addEventListener("htmx:afterSettle", (event) => look(event.detail.elt.parentElement ?? document));
document.addEventListener("DOMContentLoaded", begin);
// as htmx is: what is here can be driven from outside, by the schedules of bench/pocket.py
globalThis.keybook = { pocket: { keep, send, own: store.own, rows: store.rows, wipe: store.wipe } };
export { answers, photo, record };
