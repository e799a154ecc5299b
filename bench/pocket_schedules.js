// Random schedules against the real outbox in a real browser: what is between it and the server loses, doubles, delays.
// (what) => { run(seed, people) → { wrote, faults }, part(…) }; people: [{ staff, code, customers: [id …] }]
() => {
  const { keep, send, own, rows } = globalThis.keybook.pocket;
  const real = globalThis.fetch.bind(globalThis);
  const dice = (seed) => () => { // mulberry32
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  const form = (path, values) => real(path, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token() }, body: new URLSearchParams(values) });
  const enter = async (person) => {
    if (!token()) await real("/accounts/login/");
    await form("/sign-in/demo", { code: person.code });
    await own(person.staff, { language: "en", theme: "auto" });
  };
  const expire = () => form("/accounts/logout/", {});
  const note = (random, person) => {
    const key = crypto.randomUUID(); // by chance and not by the seed: the same bank serves many runs
    const at = new Date().toISOString();
    if (random() < 0.4) return { key, at, kind: "memo", text: `张先生 ${key}` };
    const customer = person.customers[Math.floor(random() * person.customers.length)];
    return { key, at, kind: "contact", customer, seen: at, label: "x", contact: { channel: "call", outcome: random() < 0.5 ? "reached" : "left_message", content: `note ${key}` } };
  };
  const FAULTS = ["none", "lost", "answer lost", "twice", "late", "broken", "server error", "other in between", "expired in between"];
  // one way in which the line can fail; `late` keeps what was sent and lets it through when it is released
  const line = (fault, random, late, people, person) => async (path, how) => {
    const writes = path.endsWith("/items");
    if (fault === "lost" && random() < 0.7) throw new TypeError("lost");
    // with the token of whoever is signed in by then: it is the comparison of authors that has to hold, not the token
    const current = () => ({ ...how, headers: { ...how.headers, "X-CSRFToken": token() } });
    if (writes && fault === "late") { late.push(() => real(path, { ...current(), signal: undefined })); throw new TypeError("late"); }
    if (writes && fault === "other in between") {
      await enter(people.find((one) => one !== person));
      await own(person.staff, {});
      how = current();
    }
    if (writes && fault === "expired in between") await expire();
    if (writes && fault === "twice") { const [first] = await Promise.all([real(path, how), real(path, how)]); return first; }
    const answer = await real(path, how);
    if (fault === "answer lost" && (writes || random() < 0.2)) throw new TypeError("answer lost");
    if (fault === "broken" && writes) return new Response("<html>sign in to the guest network", { status: 200 });
    if (fault === "server error" && writes) return new Response("", { status: 503 });
    return answer;
  };
  const release = async (late) => { for (const go of late.splice(0).reverse()) await go().catch(() => {}); };
  async function run(seed, people, told = () => {}) {
    const random = dice(seed);
    const pick = (list) => list[Math.floor(random() * list.length)];
    const [wrote, faults, late] = [[], {}, []];
    let person = pick(people);
    await enter(person);
    const write = async () => {
      for (let left = 1 + Math.floor(random() * 3); left; left -= 1) {
        const made = note(random, person);
        await keep(made);
        wrote.push({ key: made.key, staff: person.staff });
        told(made.key, person.staff);
      }
    };
    const deeds = {
      write,
      send: async () => {
        const fault = pick(FAULTS);
        faults[fault] = (faults[fault] ?? 0) + 1;
        const asked = [send({ fetch: line(fault, random, late, people, person) })];
        if (random() < 0.3) asked.push(send({ fetch: line(pick(FAULTS), random, late, people, person) }));
        if (random() < 0.3) await write(); // written while it is being sent
        await Promise.all(asked);
      },
      expire,
      other: async () => { person = people.find((one) => one !== person); await enter(person); },
      back: () => enter(person),
      release: () => release(late),
    };
    await write();
    for (let left = 3 + Math.floor(random() * 6); left; left -= 1) await deeds[pick(["write", "send", "send", "send", "expire", "other", "back", "release"])]();
    await release(late);
    return { wrote, faults };
  }
  // the line is good again and everybody comes back
  async function end(people) {
    for (const person of people) { await enter(person); await send(); }
    return (await rows()).map((row) => ({ key: row.key, staff: row.staff, asked: row.asked }));
  }
  globalThis.schedules = { run, end, enter };
}
