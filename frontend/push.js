// Web push, both ends. The service worker imports this file and calls `hearPush(self)` once, at its top level;
// the page calls `offerPush(card, say)`. A push holds a title, a number of things and a path: nobody's name.

// in the service worker: show what was pushed, and bring its page to the front when it is touched
export function hearPush(worker) {
  worker.addEventListener("push", (event) => {
    let said = {};
    try {
      said = event.data?.json() ?? {};
    } catch {
      said = {};
    }
    const url = typeof said.url === "string" && said.url.startsWith("/") && !said.url.startsWith("//") ? said.url : "/";
    event.waitUntil(worker.registration.showNotification(String(said.title ?? "Keybook"), { body: String(said.body ?? ""), tag: "keybook", data: { url } }));
  });
  worker.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(front(worker, event.notification.data?.url ?? "/"));
  });
}

async function front(worker, url) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((page) => new URL(page.url).origin === worker.location.origin);
  if (!open) return worker.clients.openWindow(url);
  await open.focus();
  return open.navigate ? open.navigate(url) : open;
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// on the page: one button that subscribes this browser or takes its subscription back
export function offerPush(card, say) {
  if (!card || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const button = card.querySelector("button");
  const send = (fields) =>
    fetch(card.dataset.push, { method: "POST", headers: { "X-CSRFToken": card.dataset.token }, body: new URLSearchParams(fields) });

  async function subscribe(registration) {
    if ((await Notification.requestPermission()) !== "granted") return say(card.dataset.refused);
    const { key } = await (await send({ ask: "key" })).json();
    const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
    const name = navigator.userAgentData?.brands?.at(-1)?.brand ?? navigator.platform ?? "";
    const kept = await send({ endpoint: made.endpoint, p256dh: text(made.getKey("p256dh")), auth: text(made.getKey("auth")), name });
    if (!kept.ok) {
      await made.unsubscribe();
      return say((await kept.json()).detail);
    }
    return location.reload();
  }

  async function end(subscription) {
    await send({ endpoint: subscription.endpoint, end: "on" });
    await subscription.unsubscribe();
    location.reload();
  }

  async function show(registration) {
    const subscription = await registration.pushManager.getSubscription();
    button.textContent = subscription ? card.dataset.end : card.dataset.begin;
    button.addEventListener("click", () =>
      (subscription ? end(subscription) : subscribe(registration)).catch(() => say(card.dataset.failed)),
    );
    card.hidden = false;
  }

  navigator.serviceWorker.ready.then(show).catch(() => {});
}
