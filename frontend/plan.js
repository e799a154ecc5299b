// The Plan screen: a contact is taken up, every half-day says what it thinks of it, and it is put down; by mouse, finger or keys.
// The page works without it: each contact's card has the same half-days as a list.
import Sortable from "sortablejs";

const one = (what, within = document) => within.querySelector(what);
const all = (what, within = document) => [...within.querySelectorAll(what)];
const board = () => one("#plan[data-board]");
const cells = () => all("[data-cell]", board()).filter((cell) => cell.getClientRects().length > 0);
const RANK = { fits: 0, asks: 1, refused: 2 };
const SIGN = { fits: "check", asks: "alert-triangle", refused: "x" };
let held = null; // { item, home, answers, at, spot } while a contact is in the hand; spot is where the pointer is

// a cell of the month stands for both halves of its day: the one that likes it better is meant
function answer(cell) {
  const name = cell.dataset.cell;
  if (!held?.answers) return null;
  const slots = /m$/.test(name) ? [name] : [`${name}am`, `${name}pm`];
  const known = slots.map((slot) => ({ slot, ...held.answers[slot] })).filter((each) => each.kind);
  return known.sort((a, b) => RANK[a.kind] - RANK[b.kind])[0] ?? null;
}
const own = (cell) => cell === held.home;

function draw() {
  cells().forEach((cell) => {
    const found = answer(cell);
    if (!found || own(cell)) return;
    const mark = document.createElement("div");
    mark.className = `drop ${found.kind === "fits" ? "" : found.code === "gate" && found.kind === "asks" ? "asks" : "full"}`;
    mark.innerHTML = `<svg class="i" aria-hidden="true"><use href="${board().dataset.sprite}#i-${found.code === "full" || found.code === "cap" ? "x" : SIGN[found.kind]}"/></svg><span></span>`;
    one("span", mark).textContent = found.said;
    cell.append(mark);
    cell.classList.add(`says-${found.kind}`);
  });
}
function wipe() {
  all(".drop", board()).forEach((mark) => { if (!mark.closest("aside")) mark.remove(); });
  all("[data-cell]", board()).forEach((cell) => cell.classList.remove("says-fits", "says-asks", "says-refused", "over"));
  document.body.classList.remove("pl-holding");
}
function speak(text) { const place = one("#pl-say"); if (place) place.textContent = text; }

async function take(item) {
  held = { item, home: item.closest("[data-cell]"), answers: null, at: null };
  document.body.classList.add("pl-holding");
  const { from, weeks } = board().dataset;
  const mine = held;
  try {
    const said = await fetch(`${item.dataset.answers}?from=${from}&weeks=${weeks}`, { headers: { Accept: "application/json" } });
    if (!said.ok) return;
    const found = await said.json();
    if (held !== mine) return; // put down before the answers came
    held.answers = found.slots;
    draw();
  } catch { /* without a line there are no answers: the server says them when it is put down */ }
}
function over(cell) {
  if (held.at === cell) return;
  held.at?.classList.remove("over");
  held.at = cell;
  cell?.classList.add("over");
  const found = cell && answer(cell);
  if (cell) speak(found ? `${cell.dataset.said}: ${found.said}` : cell.dataset.said);
}
function put(cell, place) {
  const { item } = held;
  const found = answer(cell);
  const slot = found?.slot ?? (/m$/.test(cell.dataset.cell) ? cell.dataset.cell : `${cell.dataset.cell}am`);
  const values = { to: slot };
  if (place !== undefined) values.place = place;
  wipe();
  held = null;
  window.htmx.ajax("POST", item.dataset.move, { source: item, target: "#plan", swap: "outerHTML", values });
}
function back() {
  const name = held?.item;
  wipe();
  held = null;
  if (name?.isConnected) one("a", name)?.focus();
}

// Sortable knows only lists and their rows: over a bar, between two rows or over a half-day that refuses it leaves the row where it
// lay last. What counts is the half-day under the pointer; the row follows it there.
const point = (event) => event?.touches?.[0] ?? event?.changedTouches?.[0] ?? event;
const under = ({ x, y }) => document.elementFromPoint(x, y)?.closest("#plan [data-cell]") ?? null;
const rows = (cell) => all("[data-entry][data-move]", cell).filter((row) => row !== held.item);
const above = (cell, y) => rows(cell).filter((row) => { const box = row.getBoundingClientRect(); return box.top + box.height / 2 < y; }).length;
function track(event) {
  const { clientX: x, clientY: y } = point(event) ?? {};
  if (!held || x === undefined) return;
  held.spot = { x, y };
  const cell = under(held.spot);
  over(cell);
  if (!cell || cell.contains(held.item) || answer(cell)?.kind === "refused") return;
  one("[data-list]", cell).insertBefore(held.item, rows(cell)[above(cell, y)] ?? null);
}
const MOVES = ["pointermove", "touchmove"];

function sortable(list) {
  Sortable.create(list, {
    group: { name: "plan", put: list.dataset.slot !== undefined, pull: true },
    sort: list.dataset.slot !== undefined, draggable: "[data-entry]", filter: "[data-still]", preventOnFilter: false, forceFallback: true, fallbackOnBody: true,
    fallbackTolerance: 5, fallbackClass: "pl-held", ghostClass: "pl-ghost", delay: 180, delayOnTouchOnly: true, animation: 120,
    onStart: (event) => { list.dataset.busy = ""; take(event.item); MOVES.forEach((each) => document.addEventListener(each, track, { passive: true })); },
    onMove: (event) => {
      const cell = event.to.closest("[data-cell]");
      return cell && answer(cell)?.kind === "refused" && !own(cell) ? false : undefined;
    },
    onEnd: (event) => {
      delete list.dataset.busy;
      MOVES.forEach((each) => document.removeEventListener(each, track));
      // Sortable swallows the click that follows a drag; where the browser sends none it would swallow the next real one, as on Undo
      setTimeout(() => document.body.dispatchEvent(new MouseEvent("click", { bubbles: false })));
      const cell = held?.spot ? under(held.spot) : event.to.closest("[data-cell]");
      const place = cell && held && /m$/.test(cell.dataset.cell) ? rows(cell).filter((row) => row.compareDocumentPosition(event.item) & Node.DOCUMENT_POSITION_FOLLOWING).length : undefined;
      const moved = cell !== held?.home || event.oldDraggableIndex !== event.newDraggableIndex;
      // the row goes back to where it lay: the server draws it where it is now
      event.from.insertBefore(event.item, all("[data-entry]", event.from).filter((row) => row !== event.item)[event.oldDraggableIndex] ?? null);
      if (held && cell && moved) put(cell, place);
      else if (held) back();
    },
  });
}

// by keys: a full stop takes the contact up, arrows go through the half-days that do not refuse, Enter puts it there
function ready(cell) { const found = answer(cell); return !own(cell) && found && found.kind !== "refused"; }
function walk(step) {
  const open = cells().filter(ready);
  if (!open.length) return;
  const from = held.at ? open.indexOf(held.at) : held.home ? open.findIndex((cell) => cells().indexOf(cell) > cells().indexOf(held.home)) - (step > 0 ? 1 : 0) : -1;
  const next = open[(from + step + open.length) % open.length];
  over(next);
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}
document.addEventListener("keydown", (event) => {
  if (!board() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (held) {
    const acts = {
      ArrowRight: () => walk(1), ArrowDown: () => walk(1), ArrowLeft: () => walk(-1), ArrowUp: () => walk(-1),
      Enter: () => held.at && put(held.at), Escape: back,
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
    return;
  }
  if (event.key !== "." || document.body.dataset.letterKeys === "off" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const item = document.activeElement?.closest?.("[data-entry][data-move]");
  if (!item || item.hasAttribute("data-still")) return;
  event.preventDefault();
  take(item).then(() => { if (held) { speak(board().dataset.taken); walk(1); } });
}, true);

function start() {
  if (!board() || one("[data-still-board]")) return;
  all("[data-list]", board()).forEach(sortable);
}
document.addEventListener("DOMContentLoaded", start);
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target?.id === "plan" || event.detail.elt?.id === "plan") start(); });
// a card that came into the page is where one reads on
document.addEventListener("htmx:afterSettle", () => { const card = one("#hand .pl-card:not([data-seen])"); if (card) { card.dataset.seen = ""; card.focus(); card.scrollIntoView({ block: "nearest" }); } });
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); if (event.target.closest("[data-put-back]")) { event.preventDefault(); one("#hand").replaceChildren(); } });
