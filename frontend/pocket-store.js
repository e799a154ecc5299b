// What waits on this device: sealed with AES-GCM under a key of its author that cannot be taken out of the browser.
// A row shows who wrote it, when, and its number; everything else is inside the seal.
const NAME = "keybook-pocket";
export const LIFE = 24 * 3600 * 1000;
const text = new TextEncoder();
const plain = new TextDecoder();
let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => {
      const db = asking.result;
      db.createObjectStore("keys", { keyPath: "staff" });
      db.createObjectStore("notes", { keyPath: "seq", autoIncrement: true }).createIndex("key", "key", { unique: true });
      db.createObjectStore("state", { keyPath: "name" });
    };
    asking.onsuccess = () => {
      asking.result.onversionchange = () => { asking.result.close(); opened = undefined; };
      resolve(asking.result);
    };
    asking.onerror = () => { opened = undefined; reject(asking.error); };
  });
  return opened;
}
// one transaction: resolved when it is on the disk, not when it was asked for
async function within(stores, mode, act) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const deed = db.transaction(stores, mode, { durability: "strict" });
    let given;
    deed.oncomplete = () => resolve(given?.result);
    deed.onabort = deed.onerror = () => reject(deed.error);
    given = act(deed);
  });
}
const all = (store) => within([store], "readonly", (deed) => deed.objectStore(store).getAll());
const get = (store, key) => within([store], "readonly", (deed) => deed.objectStore(store).get(key));
const put = (store, value) => within([store], "readwrite", (deed) => deed.objectStore(store).put(value));

// who writes here: the person signed in last, known by number only
export const owner = () => get("state", "owner");
export const own = (staff, look) => put("state", { name: "owner", staff, ...look });

async function keyOf(staff) {
  const known = await get("keys", staff);
  if (known) return known.key;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // another tab may have been faster: its key stays
  await within(["keys"], "readwrite", (deed) => {
    const keys = deed.objectStore("keys");
    keys.get(staff).onsuccess = (event) => { if (!event.target.result) keys.put({ staff, key }); };
  });
  return (await get("keys", staff)).key;
}
const bound = (staff, key) => text.encode(`${staff}|${key}`);

// the note's words and, behind them, the bytes of its files, as one piece
function pack(note) {
  const { files = [], ...words } = note;
  const head = text.encode(JSON.stringify({ ...words, files: files.map(({ key, type, bytes }) => ({ key, type, size: bytes.byteLength })) }));
  const whole = new Uint8Array(4 + head.length + files.reduce((sum, file) => sum + file.bytes.byteLength, 0));
  new DataView(whole.buffer).setUint32(0, head.length);
  whole.set(head, 4);
  let at = 4 + head.length;
  for (const file of files) { whole.set(new Uint8Array(file.bytes), at); at += file.bytes.byteLength; }
  return whole;
}
function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0);
  const note = JSON.parse(plain.decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  for (const file of note.files) { file.bytes = buffer.slice(at, at + file.size); at += file.size; }
  return note;
}

// keep a note: resolved once it is safely here; kept again under the same key it replaces the earlier one in its place
export async function keep(staff, note) {
  const key = await keyOf(staff);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(staff, note.key) }, key, pack(note));
  await within(["notes"], "readwrite", (deed) => {
    const notes = deed.objectStore("notes");
    notes.index("key").get(note.key).onsuccess = (event) => {
      const before = event.target.result;
      const row = { key: note.key, staff, at: Date.parse(note.at), iv, data, asked: false };
      notes.put(before ? { ...row, seq: before.seq } : row);
    };
  });
}
export async function open(row) {
  const known = await get("keys", row.staff);
  if (!known) return undefined;
  const sealed = { name: "AES-GCM", iv: row.iv, additionalData: bound(row.staff, row.key) };
  return crypto.subtle.decrypt(sealed, known.key, row.data).then(unpack, () => undefined);
}
export const rows = () => all("notes");
export const drop = (seq) => within(["notes"], "readwrite", (deed) => deed.objectStore("notes").delete(seq));
// its author has to decide: it is not sent again by itself
export const ask = (row) => put("notes", { ...row, asked: true });

// what is older than a day goes, and only how many there were stays
export async function purge(now = Date.now()) {
  await within(["notes", "state"], "readwrite", (deed) => {
    const notes = deed.objectStore("notes");
    const state = deed.objectStore("state");
    notes.getAll().onsuccess = (event) => {
      const old = event.target.result.filter((row) => row.at < now - LIFE);
      if (!old.length) return;
      old.forEach((row) => notes.delete(row.seq));
      state.get("gone").onsuccess = (found) => {
        const gone = found.target.result ?? { name: "gone", counts: {} };
        old.forEach((row) => { gone.counts[row.staff] = (gone.counts[row.staff] ?? 0) + 1; });
        state.put(gone);
      };
    };
  });
}
export const gone = async (staff) => (await get("state", "gone"))?.counts[staff] ?? 0;
export async function noted(staff) {
  const gone = await get("state", "gone");
  if (!gone) return;
  delete gone.counts[staff];
  await put("state", gone);
}
// sign-out: the notes of this person, their key, and who wrote here
export async function wipe(staff) {
  await within(["notes", "keys", "state"], "readwrite", (deed) => {
    const notes = deed.objectStore("notes");
    notes.getAll().onsuccess = (event) => event.target.result.filter((row) => row.staff === staff).forEach((row) => notes.delete(row.seq));
    deed.objectStore("keys").delete(staff);
    const state = deed.objectStore("state");
    state.get("owner").onsuccess = (event) => { if (event.target.result?.staff === staff) state.delete("owner"); };
  });
}
