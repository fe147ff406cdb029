// Keeps the forms of the device that is signed in, and what they are drawn with, for a hall without network. Pages are
// asked from the site first; a kept copy is shown only when the site cannot be reached, and says so. Marks are never
// kept here: they wait in the page's own outbox.
'use strict';
const SHELL = 'saichuang-shell';
const FORMS = 'saichuang-forms:';
const PAGES = /^(\/en)?\/(judge(\/\d+)?|work\/scoring(\/.*)?)$/;
const PARTINGS = /^(\/en)?\/(sign-out|sign-in|judge\/leave|seat\/[^/]+)$/;
const HASHED = /^\/static\/(.+)\.[0-9a-f]{12}(\.[a-z0-9]+)$/;
const OFFLINE = ['/offline', '/en/offline'];
const PATIENCE = 8000;
const FRESH = 60000;

self.addEventListener('install', function (event) {
  event.waitUntil(Promise.all([self.skipWaiting(), caches.open(SHELL).then(function (shell) { return shell.addAll(OFFLINE); })]));
});

self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });

async function dropForms(except) {
  const names = await caches.keys();
  await Promise.all(names.filter(function (name) { return name.startsWith(FORMS) && name !== except; }).map(function (name) { return caches.delete(name); }));
}

// What the site lets this device keep lies under the name of who is signed in; anybody else's forms go.
async function keep(request, answer) {
  const who = answer.headers.get('x-saichuang-keep');
  if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname.endsWith('/sign-in'))) { await dropForms(''); return; }
  if (!answer.ok || answer.redirected || !who) return;
  await dropForms(FORMS + who);
  const forms = await caches.open(FORMS + who);
  await forms.put(request, answer);
}

async function kept(request) {
  const names = (await caches.keys()).filter(function (name) { return name.startsWith(FORMS); });
  for (const name of names) {
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found) return found;
  }
  return null;
}

async function marked(copy) {
  const at = copy.headers.get('date') || '';
  const text = (await copy.text()).replace('<html ', '<html data-kept="' + at.replace(/[^\w ,:+-]/g, '') + '" ');
  const headers = new Headers(copy.headers);
  ['content-encoding', 'content-length'].forEach(function (name) { headers.delete(name); });
  return new Response(text, { status: 200, headers: headers });
}

async function page(event) {
  const copy = await kept(event.request);
  try {
    const asked = fetch(event.request);
    const answer = await (copy ? Promise.race([asked, new Promise(function (_, fail) { setTimeout(fail, PATIENCE); })]) : asked);
    if (answer.status >= 502 && copy) return marked(copy);
    event.waitUntil(keep(event.request.url, answer.clone()));
    return answer;
  } catch {
    if (copy) return marked(copy);
    const english = new URL(event.request.url).pathname.startsWith('/en/');
    return (await caches.match(OFFLINE[english ? 1 : 0])) || Response.error();
  }
}

self.addEventListener('fetch', function (event) {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.method === 'POST') {
    if (PARTINGS.test(url.pathname)) event.waitUntil(dropForms(''));
    return;
  }
  if (event.request.method !== 'GET') return;
  if (event.request.mode === 'navigate' && PAGES.test(url.pathname)) event.respondWith(page(event));
  else if (HASHED.test(url.pathname)) {
    event.respondWith(caches.match(event.request, { ignoreVary: true }).then(function (found) { return found || fetch(event.request); }));
  }
});

async function keepPage(url) {
  const copy = await kept(url);
  if (copy && Date.now() - Date.parse(copy.headers.get('date') || 0) < FRESH) return;
  await keep(url, await fetch(url, { headers: { accept: 'text/html' } }));
}

async function keepAsset(url) {
  const shell = await caches.open(SHELL);
  if (await shell.match(url, { ignoreVary: true })) return;
  const [, stem, suffix] = HASHED.exec(new URL(url).pathname) || [];
  if (!stem) return;
  for (const old of await shell.keys()) {
    const parts = HASHED.exec(new URL(old.url).pathname);
    if (parts && parts[1] === stem && parts[2] === suffix) await shell.delete(old);
  }
  const answer = await fetch(url);
  if (answer.ok) await shell.put(url, answer);
}

self.addEventListener('message', function (event) {
  const wanted = event.data || {};
  event.waitUntil((async function () {
    for (const url of wanted.assets || []) await keepAsset(url).catch(function () {});
    for (const url of wanted.pages || []) await keepPage(url).catch(function () {});
    if (event.ports[0]) event.ports[0].postMessage('kept');
  })());
});
