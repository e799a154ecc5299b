// Sending what waits: one sender at a time on this device, in the order it was written, as its author or not at all.
// A note leaves the device only when the server has said that it has it.
import * as store from "./pocket-store.js";

const MOST = 20;
const PATIENCE = 20000;
const PATIENCE_FILES = 120000;
const STORED = new Set([200, 201]);
const ASK = new Set([404, 409, 412, 422]);
const HELD = 424;
// what the server said of notes that wait for a decision; asked again on the next page, never stored
export const answers = new Map();
const news = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("keybook-pocket");
export const heard = (act) => news?.addEventListener("message", act);
export const tell = () => news?.postMessage("changed");

// { state, mine, asked, others }: state is idle, sent, offline, expired or another
// `again` asks once more about notes that wait for a decision, and whether there is a line even when nothing waits
export async function send({ fetch = (...all) => globalThis.fetch(...all), again = false } = {}) {
  const deliver = () => delivered(fetch, again);
  return navigator.locks ? navigator.locks.request("keybook-pocket", deliver) : deliver();
}

async function delivered(fetch, again) {
  await store.purge();
  if (!again && !(await store.rows()).length) return { state: "idle", sent: 0 };
  const me = await asked(fetch, "/api/pocket/me");
  if (!me.ok) return { state: me.status === 401 ? "expired" : "offline", sent: 0 };
  const { staff, csrf } = me.body;
  let sent = 0;
  const done = new Set();
  for (;;) {
    const batch = await next(staff, again, done);
    if (!batch.length) break;
    const answer = await asked(fetch, "/api/pocket/items", { method: "POST", ...(await letter(batch, csrf)) });
    if (!answer.ok) return { state: answer.status === 401 ? "expired" : "offline", sent };
    sent += await settled(batch, answer.body, done);
  }
  if (sent) tell();
  const left = await store.rows();
  return { state: left.some((row) => row.staff !== staff) ? "another" : "sent", sent };
}

// the next of this person's notes; one that waits for a decision holds back later ones on the same customer
async function next(staff, again, done) {
  const batch = [];
  const held = new Set();
  for (const row of await store.rows()) {
    if (row.staff !== staff || batch.length === MOST || batch[0]?.note.files.length) continue;
    const note = await store.open(row);
    if (!note || (batch.length && note.files.length)) {
      if (note) break; // one with files travels alone, and nothing overtakes it
      continue;
    }
    const waits = done.has(row.key) || (row.asked && !again);
    if (waits || held.has(note.customer)) {
      if (note.customer) held.add(note.customer);
    } else batch.push({ row, note });
  }
  return batch;
}

async function settled(batch, body, done) {
  let sent = 0;
  const told = new Map(body.answers.map((answer) => [answer.key, answer]));
  for (const { row } of batch) {
    const answer = told.get(row.key);
    done.add(row.key);
    if (answer && STORED.has(answer.status)) {
      await store.drop(row.seq);
      answers.delete(row.key);
      sent += 1;
    } else if (answer && ASK.has(answer.status)) {
      answers.set(row.key, { ...answer, at: body.now });
      if (!row.asked) await store.ask(row);
    } else if (answer?.status === HELD) done.delete(row.key);
  }
  return sent;
}

// the notes as they are sent; the bytes of files beside them
async function letter(batch, csrf) {
  const items = JSON.stringify({ items: await Promise.all(batch.map(({ row, note }) => words(row.staff, note))) });
  const files = batch.flatMap(({ note }) => note.files);
  if (!files.length) return { body: items, headers: { "X-CSRFToken": csrf, "Content-Type": "application/json" } };
  const body = new FormData();
  body.append("items", items);
  files.forEach((file) => body.append(file.key, new Blob([file.bytes], { type: file.type }), "file"));
  return { body, headers: { "X-CSRFToken": csrf } };
}
async function summed({ key, bytes }) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { key, sha256: Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") };
}
async function words(staff, note) {
  const { key, kind, at, text = "", customer = null, about = null, seen = null, contact = null, on = null, closes = null } = note;
  const files = await Promise.all(note.files.map(summed));
  return { key, author: staff, kind, at, text, customer, about, seen, contact, on, closes, files };
}

async function asked(fetch, path, how = {}) {
  try {
    const answer = await fetch(path, { credentials: "same-origin", redirect: "error", cache: "no-store", signal: AbortSignal.timeout(how.body instanceof FormData ? PATIENCE_FILES : PATIENCE), ...how });
    return { ok: answer.ok, status: answer.status, body: answer.ok ? await answer.json() : undefined };
  } catch {
    return { ok: false, status: 0 };
  }
}
