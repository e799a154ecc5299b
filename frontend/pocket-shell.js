// The page that opens without a line: write, see what waits, decide what was refused. It knows nobody by name.
import { answers, customerHere, flush, keep, photo, record, show, words, writer, changed } from "./pocket.js";
import * as store from "./pocket-store.js";
import { tell } from "./pocket-send.js";

const one = (what, within = document) => within.querySelector(what);
let files = [];
let recording;
let editing;

function element(name, kind, said) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (said !== undefined) made.textContent = said;
  return made;
}
function button(kind, said, act) {
  const made = element("button", `btn btn-sm ${kind}`, said);
  made.type = "button";
  made.onclick = act;
  return made;
}
const picked = (name) => one(`[name=${name}]:checked`)?.value;
const chosen = (value, name) => one(`[name=${name}] option[value="${value}"], [name=${name}][value="${value}"] + span`)?.firstChild?.textContent ?? value;
const language = () => document.documentElement.lang;
const clock = (at) => new Date(at).toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" });
const day = (iso) => new Date(`${iso}T00:00`).toLocaleDateString(language(), { weekday: "short", day: "numeric", month: "short" });

function say(text) {
  const place = one("#shell-said");
  place.textContent = text;
  place.hidden = !text;
}
function attached() {
  const list = one("#shell-files");
  list.replaceChildren(...files.map((file, at) => {
    const item = element("li", "row-x s");
    item.append(element("span", "grow", `${words(file.type.startsWith("image") ? "photo" : "sound")} · ${Math.ceil(file.bytes.byteLength / 1024)} KB`));
    item.append(button("btn-quiet", words("remove"), () => { files.splice(at, 1); attached(); }));
    return item;
  }));
}

async function save(event) {
  event.preventDefault();
  const form = event.target;
  const here = editing?.customer ? editing : customerHere();
  const text = form.text.value.trim();
  const outcome = picked("outcome");
  if (!(await writer())) return say(words("nobody"));
  if (here && !outcome && !text && !form.next_on.value) return say(words("empty"));
  if (here && !outcome) return say(words("outcome"));
  if (!here && !text && !files.length) return say(words("empty"));
  const common = { key: editing?.key ?? crypto.randomUUID(), at: editing?.at ?? new Date().toISOString(), files };
  const contact = { channel: form.channel.value, outcome, content: text, next_on: form.next_on.value || null, next_step: form.next_step.value };
  if (here && contact.next_step && !contact.next_on) return say(words("by"));
  await keep(here
    ? { ...common, kind: editing?.kind ?? "contact", customer: here.customer, about: editing?.about ?? null, seen: here.seen, label: form.label.value.trim(), contact }
    : { ...common, kind: "memo", text: text || words("sound") });
  form.reset();
  files = [];
  editing = undefined;
  attached();
  say(words("kept"));
  await flush();
}

// one note that waits: what it says, when it was written and, refused, what the bank has in its place
async function entry(row) {
  const note = await store.open(row);
  const item = element("li", "kb-card pk-note");
  if (!note) { item.append(element("p", "s", words("sealed"))); return item; }
  const contact = note.contact;
  const head = element("div", "row-x xs ink-3");
  head.append(element("span", "grow", [clock(note.at), note.label, contact && chosen(contact.outcome, "outcome"), contact && chosen(contact.channel, "channel")].filter(Boolean).join(" · ")));
  item.append(head, element("p", "pk-text", note.text || contact?.content || ""));
  if (contact?.next_on) item.append(element("p", "s", `${contact.next_step || words("next")} · ${day(contact.next_on)}`));
  if (note.files.length) item.append(element("p", "xs ink-3", note.files.map((file) => words(file.type.startsWith("image") ? "photo" : "sound")).join(" · ")));
  if (row.asked) item.append(decision(row, note));
  return item;
}
function decision(row, note) {
  const part = element("div", "pk-decide");
  const answer = answers.get(row.key);
  part.append(element("p", "w6 s", answer?.sentence ?? words("refused")));
  if (answer?.now) {
    const both = element("dl", "pk-both");
    const mine = note.contact?.next_on ? `${note.contact.next_step || words("next")} · ${day(note.contact.next_on)}` : note.contact?.content || chosen(note.contact?.outcome, "outcome");
    const theirs = answer.now.contact
      ? [answer.now.contact.content, answer.now.contact.next_step, answer.now.contact.next_on && day(answer.now.contact.next_on)].filter(Boolean)
      : [...answer.now.promises.map(([text, on]) => `${text} · ${day(on)}`), `${words("banker")} ${answer.now.banker}`];
    both.append(element("dt", "label", words("yours")), element("dd", "", mine), element("dt", "label", words("theirs")));
    theirs.forEach((line) => both.append(element("dd", "", line)));
    part.append(both);
  }
  const acts = element("div", "row-x wrap");
  if (answer?.status === 412 && note.kind !== "correct") acts.append(button("btn-primary", words("anyway"), () => again(row, { ...note, seen: answer.at })));
  if (note.kind !== "memo") acts.append(button("", words("change"), () => change(note)));
  acts.append(button("btn-quiet", words("away"), async (event) => {
    if (event.target.dataset.sure === undefined) { event.target.dataset.sure = ""; event.target.textContent = words("sure"); return; }
    await store.drop(row.seq);
    tell();
    changed();
  }));
  part.append(acts);
  return part;
}
async function again(row, note) {
  await store.keep(row.staff, note);
  await flush();
}
function change(note) {
  const form = one("#shell-form");
  editing = note;
  shape();
  form.text.value = note.contact.content;
  form.label.value = note.label;
  form.channel.value = note.contact.channel;
  form.next_step.value = note.contact.next_step;
  form.next_on.value = note.contact.next_on ?? "";
  const ring = one(`[name=outcome][value=${note.contact.outcome}]`);
  if (ring) ring.checked = true;
  files = note.files;
  attached();
  form.text.focus();
}

function shape() {
  const here = editing?.customer ? editing : customerHere();
  one("#shell-contact").hidden = !here;
  one("#shell-form").dataset.kind = here ? "contact" : "memo";
}
async function list() {
  const staff = await writer();
  const rows = (await store.rows()).filter((row) => row.staff === staff);
  one("#shell-count").textContent = words(rows.length === 1 ? "held1" : "held", { count: rows.length });
  one("#shell-list").replaceChildren(...await Promise.all(rows.map(entry)));
  one("#shell-waits").hidden = !rows.length;
}

document.addEventListener("DOMContentLoaded", () => {
  const form = one("#shell-form");
  if (!form) return;
  shape();
  list();
  writer().then((staff) => { if (!staff) say(words("nobody")); });
  form.addEventListener("submit", save);
  addEventListener("hashchange", shape);
  document.addEventListener("pocket:changed", list);
  one("#shell-photo").onchange = async (event) => {
    for (const file of event.target.files) files.push(await photo(file));
    event.target.value = "";
    attached();
  };
  const speak = one("#shell-speak");
  speak.hidden = !(navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder);
  speak.onclick = async () => {
    if (recording) {
      files.push(await recording.stop());
      recording = undefined;
      attached();
    } else {
      recording = await record().catch(() => { say(words("deaf")); });
    }
    speak.setAttribute("aria-pressed", String(Boolean(recording)));
    say(recording ? words("listening") : "");
  };
  show();
});
