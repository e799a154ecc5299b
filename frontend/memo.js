// The memo line: opens over a page with m, Enter saves what is drawn, dictation fills it, and nothing typed is lost.
import htmx from "htmx.org/dist/htmx.esm.js";

const KEPT = "kb-memo-line";
const WIDE = "(min-width: 761px)";
const one = (what, within = document) => within.querySelector(what);
const line = () => one("[data-memo-text]");
const shown = (element) => Boolean(element) && element.getClientRects().length > 0;
const plain = (text) => text.replace(/\r\n/g, "\n");

function remember(text) {
  try {
    if (text) sessionStorage.setItem(KEPT, text);
    else sessionStorage.removeItem(KEPT);
  } catch { /* a browser that keeps nothing: the line is still on the page */ }
}
function remembered() {
  try { return sessionStorage.getItem(KEPT) ?? ""; } catch { return ""; }
}
const read = (box) => htmx.trigger(box, "memo:read");
const isDrawn = (box) => Boolean(one("#memo-draft [data-memo-save]")) && plain(one("#memo-mirror").textContent) === plain(box.value);

// the underlines belong to the text they were drawn for: while it changes, only those before the change stay
function follow(box) {
  const mirror = one("#memo-mirror");
  if (mirror) mirror.classList.toggle("stale", !plain(box.value).startsWith(plain(mirror.textContent).trimEnd()));
}
function ready(box) {
  if (!box || box.dataset.ready) return;
  box.dataset.ready = "";
  if (!box.value && remembered()) { box.value = remembered(); read(box); }
  else if (box.value && !isDrawn(box)) read(box);
  hear(box);
}
function close() {
  one("#memo-over[open]")?.close();
}
function begin(event) {
  const link = event.target.closest?.("[data-memo]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const here = line();
  if (shown(here)) { event.preventDefault(); here.focus(); return; }
  const about = one("[data-customer]")?.dataset.customer;
  const dialog = one("#memo-over");
  if (!dialog || !matchMedia(WIDE).matches) {
    if (about) { event.preventDefault(); location.assign(`/memo/?customer=${about}`); }
    return;
  }
  event.preventDefault();
  dialog.showModal();
  if (here) { here.focus(); return; }
  htmx.ajax("GET", `/memo/?over=1${about ? `&customer=${about}` : ""}`, { target: "#memo-over-in", swap: "innerHTML" });
}
document.addEventListener("click", begin);

document.addEventListener("keydown", (event) => {
  const box = event.target.matches?.("[data-memo-text]") ? event.target : null;
  if (!box || event.key !== "Enter" || event.isComposing || event.altKey) return;
  event.preventDefault();
  if (!isDrawn(box)) { if (box.value.trim()) read(box); return; }
  const form = box.form;
  form.requestSubmit(event.shiftKey ? one("[name=then]", form) : one("[data-memo-save]", form));
});
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-memo-text]")) return;
  remember(event.target.value);
  follow(event.target);
});
// another customer chosen: what must be known of them changes, so the line is drawn anew with what was typed
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-memo-form]");
  if (!form || event.target.type !== "radio") return;
  event.target.focus();
  if (event.target.name === "customer") read(one("[data-memo-text]", form));
});
document.addEventListener("htmx:afterSettle", () => {
  const box = line();
  ready(box);
  if (box) follow(box);
  const wrong = one("#memo-draft [aria-invalid=true]");
  if (wrong) { wrong.focus(); return; }
  const over = one("#memo-over[open]");
  if (over && (document.activeElement === document.body || document.activeElement === over)) box?.focus();
});
document.addEventListener("memo:saved", () => {
  const box = line();
  remember("");
  if (!box) return;
  box.value = "";
  one("#memo-mirror")?.replaceChildren();
  box.focus();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig?.path === "/memo/draft/" && !line()?.value.trim()) {
    event.preventDefault();
    one("#memo-draft")?.replaceChildren();
  }
});
// saved over another page: the page is drawn anew, and the line was saved
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const answer = event.detail.xhr;
  if (event.detail.requestConfig?.path === "/memo/" && (answer.getResponseHeader("HX-Refresh") || answer.getResponseHeader("HX-Redirect"))) remember("");
});
document.addEventListener("submit", (event) => {
  if (event.target.action?.endsWith("/accounts/logout/")) remember("");
  if (event.target.matches?.("[data-memo-form]") && !event.target.hasAttribute("hx-post")) remember("");
});
document.addEventListener("click", (event) => { if (event.target.id === "memo-over") close(); });
document.addEventListener("DOMContentLoaded", () => ready(line()));

// dictation by the browser, where it has any
function hear(box) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  const button = one("[data-dictate]", box.form);
  if (!Recognition || !button) return;
  button.hidden = false;
  let going = null;
  button.addEventListener("click", () => {
    if (going) { going.stop(); return; }
    const before = box.value ? `${box.value.trimEnd()} ` : "";
    going = new Recognition();
    going.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-GB";
    going.interimResults = true;
    going.continuous = true;
    going.onresult = (event) => {
      box.value = before + [...event.results].map((result) => result[0].transcript).join("");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    };
    going.onend = () => { going = null; button.setAttribute("aria-pressed", "false"); box.focus(); };
    going.onerror = ({ error }) => {
      if (error !== "aborted") document.dispatchEvent(new CustomEvent("kb:say", { detail: error === "not-allowed" ? button.dataset.refused : button.dataset.failed }));
      going?.stop();
    };
    button.setAttribute("aria-pressed", "true");
    going.start();
  });
}
