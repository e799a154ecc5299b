// One small script: keys, search, menus, toasts. Every page works without it; nothing here decides anything.
import htmx from "htmx.org/dist/htmx.esm.js";
import "./memo.js";
import "./plan.js";
import "./pocket-shell.js";
import { offerPush } from "./push.js";

window.htmx = htmx;
const body = () => document.body;
const one = (what, within = document) => within.querySelector(what);
const all = (what, within = document) => [...within.querySelectorAll(what)];
const shown = (element) => Boolean(element) && element.getClientRects().length > 0;
const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
const TOAST = 10000;
let go = 0;

// toasts: one at a time, gone after ten seconds unless pointed at or holding the focus
function watch(toast) {
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) return setTimeout(leave, 2000);
    toast.remove();
  };
  setTimeout(leave, TOAST);
}
function say(text) {
  const toast = document.createElement("div");
  toast.className = "kb-toast bad";
  toast.dataset.toast = "";
  toast.textContent = text;
  one("#toasts").replaceChildren(toast);
  watch(toast);
}

document.addEventListener("kb:say", ({ detail }) => say(detail));

// a form sends files only when there are some: everything else stays a short list of fields
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-files]")) return;
  if (target.files.length) target.form.setAttribute("hx-encoding", "multipart/form-data");
  else target.form.removeAttribute("hx-encoding");
});

// rows: j and k move, Enter opens
const rows = () => all("[data-row]").filter(shown);
function current() {
  return one("[data-row].cur") ?? document.activeElement?.closest?.("[data-row]");
}
function move(step) {
  const list = rows();
  if (!list.length) return false;
  const at = list.indexOf(current());
  const next = list[Math.min(list.length - 1, Math.max(0, at + step))];
  list.forEach((row) => row.classList.toggle("cur", row === next));
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}
function press(key) {
  const row = current();
  const within = row ? [row, row.nextElementSibling] : [];
  for (const place of [one("dialog[open]"), ...within, document]) {
    const found = place && all(`[data-key="${key}"]`, place).find(shown);
    if (found) {
      found.click();
      return true;
    }
  }
  return false;
}
function pick(key) {
  const form = document.activeElement?.closest?.("form") ?? all("form:has([data-pick])").find(shown);
  const ring = form && one(`[data-pick="${key}"]`, form);
  if (ring) ring.click();
  return Boolean(ring);
}
function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  one("input, button", dialog)?.focus();
  return true;
}

const letters = {
  "/": () => {
    const box = all("input[data-search]").find(shown);
    if (box) box.select();
    return box ? true : open("palette");
  },
  "?": () => open("keys"),
  g: () => { go = Date.now(); return true; },
  j: () => move(1) || press("j"),
  k: () => move(-1) || press("k"),
  Enter: () => {
    const row = document.activeElement?.matches?.("[data-row]") ? document.activeElement : null;
    const way = row && one("[data-open-row], .rank, a.name", row);
    way?.click();
    return Boolean(way);
  },
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return open("palette");
  }
  if (event.key === "Escape") return escape(event);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return arrow(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) && !(event.target.type === "radio" && /^\d$/.test(event.key))) return;
  if (body().dataset.letterKeys === "off" && event.key !== "Enter") return;
  if (Date.now() - go < 1500 && event.key !== "g") {
    go = 0;
    const place = one(`[data-go="${event.key}"]`);
    if (place) { event.preventDefault(); place.click(); return; }
  }
  const act = letters[event.key];
  const done = act ? act() : /^\d$/.test(event.key) ? pick(event.key) : event.key.length === 1 && press(event.key);
  if (done) event.preventDefault();
});

function escape(event) {
  const menu = one("details.kb-menu[open]");
  if (menu) { menu.open = false; one("summary", menu).focus(); return; }
  if (event.target.matches?.("input[data-search]")) { event.target.value = ""; one(".kb-found")?.replaceChildren(); event.target.blur(); }
}
// in search results the arrows move between the hits
function arrow(event) {
  const box = event.target.closest?.(".kb-search, .kb-palette, [data-find]");
  if (!box) return;
  const stops = [one("input", box), ...all("li a", box)].filter(shown);
  const at = stops.indexOf(document.activeElement);
  const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); }
}
document.addEventListener("submit", (event) => {
  const hit = event.target.matches?.(".kb-search, .kb-palette .q") && one("li a", event.target.closest(".kb-palette") ? one("#palette-found") : event.target);
  if (hit) { event.preventDefault(); location.assign(hit.href); }
});
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && !event.target.closest("a, button, input, select, label, summary, form") && getSelection().isCollapsed) {
    one("[data-open-row]", row)?.click();
    return;
  }
  const opener = event.target.closest("[data-open]");
  if (opener) { open(opener.dataset.open); return; }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.tagName === "DIALOG") event.target.close();
  all("details.kb-menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

// hits that come while one of them has the focus: it stays there, or goes to the first; none left, back to the field
let held = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  held = active?.matches?.("a[href]") && event.detail.target?.contains?.(active) && active.closest(".kb-search, .kb-palette, [data-find]") ? active : null;
});
document.addEventListener("htmx:afterSwap", () => {
  if (!held || held.isConnected) return;
  const box = one(".kb-palette[open]") ?? one(".kb-search") ?? document;
  const hits = all("li a", box).filter(shown);
  (hits.find((each) => each.getAttribute("href") === held.getAttribute("href")) ?? hits[0] ?? one("input", box))?.focus();
  held = null;
});

// a swapped part may name what gets the focus; a request that found no answer says so, and what was typed stays
document.addEventListener("htmx:afterSettle", (event) => {
  one("[data-focus]", event.detail.elt)?.focus();
  one("[aria-invalid=true]", event.detail.elt)?.focus();
});
document.addEventListener("htmx:afterSwap", () => all("[data-toast]:not([data-seen])").forEach((toast) => { toast.dataset.seen = ""; watch(toast); }));
// Today: one line is open at a time, but for one in which something is being written; its rank shuts it again
function shut(line) {
  if (one(".log-form", line)) return;
  one(".td-open", line)?.remove();
  one("[data-row]", line)?.classList.remove("cur");
  one("[data-open-row]", line)?.setAttribute("aria-expanded", "false");
}
document.addEventListener("htmx:afterSettle", (event) => {
  const opened = event.detail.elt.closest?.("[data-line]");
  if (opened && one(".td-open", opened)) all("[data-line]").forEach((line) => { if (line !== opened) shut(line); });
});
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && !event.target.closest("a, button, input, select, label, summary, form") && getSelection().isCollapsed) {
    one("[data-open-row]", row)?.click();
    return;
  }
  const rank = event.target.closest?.("[data-open-row][aria-expanded=true]");
  if (!rank) return;
  event.preventDefault();
  event.stopPropagation();
  shut(rank.closest("[data-line]"));
}, true);
// a number in full is masked again after its seconds
document.addEventListener("htmx:afterSwap", () => all("[data-hide-after]:not([data-seen])").forEach((shownNumber) => {
  shownNumber.dataset.seen = "";
  setTimeout(() => { shownNumber.textContent = "····"; shownNumber.nextElementSibling?.remove(); }, 1000 * shownNumber.dataset.hideAfter);
}));
// the gate before a contact: an answer that did not come says so, in the place of the answer
function unasked(place, failed) {
  one(".gt-unasked", place)?.toggleAttribute("hidden", !failed);
  const before = document.getElementById(`gate-${place.dataset.gateOf}`);
  if (failed && before && before !== place) before.hidden = true;
}
const asking = (event) => (event.detail.elt?.matches?.("[data-gate-of]") ? event.detail.elt : null);
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => asking(event) && unasked(asking(event), true));
}
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!asking(event) || event.detail.isError) return;
  const answered = event.detail.serverResponse.includes("data-gate="); // not the page to sign in at
  event.detail.shouldSwap = answered;
  unasked(asking(event), !answered);
});
document.addEventListener("click", ({ target }) => {
  const place = target.closest("[data-ask-again]")?.closest("[data-gate-of]");
  if (place) htmx.trigger(place, "ask");
});
document.addEventListener("htmx:sendError", () => say(body().dataset.offline));
document.addEventListener("htmx:responseError", () => say(body().dataset.refused));
document.addEventListener("DOMContentLoaded", () => {
  all("[data-toast]").forEach((toast) => { toast.dataset.seen = ""; watch(toast); });
  const tab = one(".kb-tabs [aria-current]"); // along the tabs only: the page itself stays where it is
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
});

offerPush(one("[data-push]"), say);
